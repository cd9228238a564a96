#include <algorithm>
#include <cstdio>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/export/overlay_layers.h"

namespace dff {
namespace {

constexpr size_t kTagged = 200;  // the surest boxes: more tags than these would only cover each other

/// What a box is, how sure that is, and which one it is; without its name where there is little room.
std::vector<TextPiece> tagText(const ObjectBox& box, const LegendEntry& kind, bool brief, bool trackIds) {
  char score[16];
  std::snprintf(score, sizeof score, "%.2f", box.score);
  std::vector<TextPiece> pieces = {{brief ? score : kind.name, kind.color}};
  if (!brief) pieces.push_back({score, colors::kText});
  if (trackIds && box.trackId >= 0) pieces.push_back({text("#", box.trackId), colors::kText});
  return pieces;
}

void drawFrame(cv::Mat& picture, const cv::Rect& box, const Rgb& color, int width) {
  const auto& ground = colors::kPlate;
  cv::rectangle(picture, box, cv::Scalar(ground[0], ground[1], ground[2]), width + 2);  // stands out on any ground
  cv::rectangle(picture, box, cv::Scalar(color[0], color[1], color[2]), width);
}

/// Where a tag may stand, best first: above the box from its left or to its right edge, below it, within it.
std::vector<cv::Rect> placesFor(const cv::Rect& box, cv::Size tag, cv::Size picture) {
  const int furthest = std::max(0, picture.width - tag.width);
  const int left = std::clamp(box.x, 0, furthest), right = std::clamp(box.br().x - tag.width, 0, furthest);
  std::vector<cv::Rect> places;
  for (const cv::Point corner : {cv::Point(left, box.y - tag.height), cv::Point(right, box.y - tag.height),
                                 cv::Point(left, box.br().y), cv::Point(left, box.y)})
    if (corner.y >= 0 && corner.y + tag.height <= picture.height) places.emplace_back(corner, tag);
  if (places.empty()) places.emplace_back(cv::Point(left, std::max(0, box.y)), tag);
  return places;
}

/// The best place that no other tag has; the best one where there is none.
cv::Rect freePlace(const std::vector<cv::Rect>& places, const std::vector<cv::Rect>& taken) {
  for (const cv::Rect& place : places) {
    const auto covers = [&](const cv::Rect& other) { return !(place & other).empty(); };
    if (std::none_of(taken.begin(), taken.end(), covers)) return place;
  }
  return places.front();
}

/// The surest boxes choose their places first and lie on top.
void drawTags(cv::Mat& picture, const std::vector<ObjectBox>& boxes, const OverlayLook& look) {
  const int letter = std::max(5, look.letterHeight * 3 / 4);
  std::vector<Plate> plates;
  std::vector<cv::Rect> taken;
  for (size_t i = 0; i < std::min(boxes.size(), kTagged); ++i) {
    const cv::Rect box = boxes[i].box;
    const bool brief = box.height < 6 * letter && box.width < 10 * letter;
    const auto& kind = look.boxClasses[size_t(boxes[i].classIndex)];
    plates.push_back(makeTag(TagMark::Dot, tagText(boxes[i], kind, brief, look.options.trackIds), letter));
    taken.push_back(freePlace(placesFor(box, plates.back().rgb.size(), picture.size()), taken));
  }
  for (size_t i = plates.size(); i-- > 0;) blendAt(picture, plates[i].rgb, plates[i].alpha, taken[i].tl());
}

}  // namespace

void drawBoxes(cv::Mat& picture, const Result& result, const OverlayLook& look) {
  const OverlayOptions& options = look.options;
  const cv::Mat below = options.boxOpacity < 1 ? picture.clone() : cv::Mat();
  std::vector<ObjectBox> boxes;
  for (const ObjectBox& box : result.boxes)
    if (box.score >= options.boxScore && box.classIndex >= 0 && size_t(box.classIndex) < look.boxClasses.size())
      boxes.push_back(box);
  for (size_t i = boxes.size(); i-- > 0;)  // the surest on top
    drawFrame(picture, boxes[i].box, look.boxClasses[size_t(boxes[i].classIndex)].color, look.contourWidth);
  drawTags(picture, boxes, look);
  if (!below.empty()) cv::addWeighted(picture, options.boxOpacity, below, 1 - options.boxOpacity, 0, picture);
}

}  // namespace dff
