#include <algorithm>
#include <cstdio>
#include <opencv2/imgproc.hpp>

#include "core/export/overlay_layers.h"

namespace dff {
namespace {

/// What a box is, how sure that is, and which one it is; without its name where there is little room.
std::vector<TextPiece> tagText(const ObjectBox& box, const LegendEntry& kind, bool brief) {
  char score[16];
  std::snprintf(score, sizeof score, "%.2f", box.score);
  std::vector<TextPiece> pieces = {{brief ? score : kind.name, kind.color}};
  if (!brief) pieces.push_back({score, colors::kText});
  if (box.trackId >= 0) pieces.push_back({"#" + std::to_string(box.trackId), colors::kText});
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
  for (auto b = result.boxes.rbegin(); b != result.boxes.rend(); ++b) {  // the surest on top
    if (b->score < look.options.boxScore || b->classIndex < 0 || size_t(b->classIndex) >= look.boxClasses.size())
      continue;
    const LegendEntry& kind = look.boxClasses[size_t(b->classIndex)];
    const cv::Rect box = b->box;
    drawFrame(picture, box, kind.color, look.contourWidth);
    const bool brief = box.height < 6 * letter && box.width < 10 * letter;
    drawTag(picture, box, makeTag(TagMark::Dot, tagText(*b, kind, brief), letter));
  }
}

}  // namespace dff
