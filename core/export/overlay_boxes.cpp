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

/// Above the box, or within it where that would be outside the picture.
void drawTag(cv::Mat& picture, const cv::Rect& box, const Plate& tag) {
  const int above = box.y - tag.rgb.rows;
  const int x = std::clamp(box.x, 0, std::max(0, picture.cols - tag.rgb.cols));
  blendAt(picture, tag.rgb, tag.alpha, {x, above >= 0 ? above : box.y});
}

}  // namespace

void drawBoxes(cv::Mat& picture, const Result& result, const OverlayLook& look) {
  const int letter = std::max(5, look.letterHeight * 3 / 4);
  const OverlayOptions& options = look.options;
  const cv::Mat below = options.boxOpacity < 1 ? picture.clone() : cv::Mat();
  for (size_t i = result.boxes.size(); i-- > 0;) {  // the surest on top
    const ObjectBox& b = result.boxes[i];
    if (b.score < options.boxScore || b.classIndex < 0 || size_t(b.classIndex) >= look.boxClasses.size()) continue;
    const LegendEntry& kind = look.boxClasses[size_t(b.classIndex)];
    const cv::Rect box = b.box;
    drawFrame(picture, box, kind.color, look.contourWidth);
    if (i >= kTagged) continue;
    const bool brief = box.height < 6 * letter && box.width < 10 * letter;
    drawTag(picture, box, makeTag(TagMark::Dot, tagText(b, kind, brief, options.trackIds), letter));
  }
  if (!below.empty()) cv::addWeighted(picture, options.boxOpacity, below, 1 - options.boxOpacity, 0, picture);
}

}  // namespace dff
