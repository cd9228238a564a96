#include "core/export/overlay_layers.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/export/flow_color.h"

namespace dff {
namespace {

constexpr int kArrowsAcross = 24, kLeastBetweenArrows = 12;  // pixels
constexpr double kLeastArrow = 3;                            // pixels

/// The part of the grid that covers the picture; a Result that names none covers it wholly.
cv::Size2f gridOf(const Result& result, const cv::Mat& map) {
  return result.gridInFrame.area() > 0 ? result.gridInFrame : cv::Size2f(map.size());
}

cv::Mat evenAlpha(const cv::Mat& map, double opacity) {
  return {map.size(), CV_8U, cv::Scalar(std::lround(255 * opacity))};
}

void drawSeg(cv::Mat& picture, const Result& result, const OverlayLook& look) {
  if (!result.labels.empty()) blendClasses(picture, result.labels, look.classes);
}

void drawClassContours(cv::Mat& picture, const Result& result, const OverlayLook& look) {
  if (!result.labels.empty()) drawContours(picture, result.labels, look.contours, look.contourWidth);
}

void drawFlow(cv::Mat& picture, const Result& result, const OverlayLook& look) {
  const cv::Mat& flow = result.keyFromCur;
  if (flow.empty()) return;
  const cv::Mat alpha = evenAlpha(flow, look.options.flowOpacity);
  blendCells(picture, colorFlow(flow, look.options.flowScale), alpha, gridOf(result, flow));
}

/// Arrows from places of the picture to where they lie in the key frame, of those that move visibly.
void drawArrows(cv::Mat& picture, const Result& result, const OverlayLook& look) {
  const cv::Mat& flow = result.keyFromCur;
  if (flow.empty()) return;
  const cv::Mat below = picture.clone();
  const cv::Size2f grid = gridOf(result, flow);
  const float across = float(picture.cols) / grid.width, down = float(picture.rows) / grid.height;
  const int step = std::max(kLeastBetweenArrows, picture.cols / kArrowsAcross);
  for (int y = step / 2; y < picture.rows; y += step)
    for (int x = step / 2; x < picture.cols; x += step) {
      const int row = std::clamp(int(float(y) / down), 0, flow.rows - 1);
      const int column = std::clamp(int(float(x) / across), 0, flow.cols - 1);
      const cv::Vec2f cells = flow.at<cv::Vec2f>(row, column);
      const cv::Point2f move(cells[0] * across, cells[1] * down);
      const double length = cv::norm(move);
      if (!(length >= kLeastArrow)) continue;
      const double head = std::min(0.4, 4.0 * look.contourWidth / length);
      const cv::Point from(x, y), to = from + cv::Point(move);
      for (const auto& [color, width] : {std::pair(colors::kPlate, 2), std::pair(colors::kPropagated, 0)})
        cv::arrowedLine(picture, from, to, cv::Scalar(color[0], color[1], color[2]), look.contourWidth + width,
                        cv::LINE_AA, 0, head);
    }
  const double strong = look.options.arrowOpacity;
  if (strong < 1) cv::addWeighted(picture, strong, below, 1 - strong, 0, picture);
}

void drawHeat(cv::Mat& picture, const Result& result, const OverlayLook& look) {
  if (result.heat.empty()) return;
  double largest = look.options.heatScale;
  if (largest == 0) cv::minMaxLoc(result.heat, nullptr, &largest);
  cv::Mat grey, colored;
  result.heat.convertTo(grey, CV_8U, largest > 0 ? 255 / largest : 0);
  cv::applyColorMap(grey, colored, cv::COLORMAP_VIRIDIS);
  cv::cvtColor(colored, colored, cv::COLOR_BGR2RGB);
  blendCells(picture, colored, evenAlpha(grey, look.options.heatOpacity), gridOf(result, grey));
}

void drawTrust(cv::Mat& picture, const Result& result, const OverlayLook& look) {
  if (result.trust.empty()) return;
  const double full = 255 * look.options.trustOpacity;
  cv::Mat alpha;
  result.trust.convertTo(alpha, CV_8U, -full, full);
  const auto& c = colors::kShade;
  const cv::Mat shade(alpha.size(), CV_8UC3, cv::Scalar(c[0], c[1], c[2]));
  blendCells(picture, shade, alpha, gridOf(result, alpha));
}

/// Cells that came from the key before in the colour of keys, those from the key after in that of what was propagated.
void drawSides(cv::Mat& picture, const Result& result, const OverlayLook& look) {
  const cv::Mat& share = result.shareOfNext;
  if (share.empty()) return;
  cv::Mat colors(share.size(), CV_8UC3);
  for (int y = 0; y < share.rows; ++y)
    for (int x = 0; x < share.cols; ++x) {
      const float next = std::clamp(share.at<float>(y, x), 0.f, 1.f);
      for (size_t c = 0; c < 3; ++c)
        colors.at<cv::Vec3b>(y, x)[int(c)] =
            cv::saturate_cast<uint8_t>(float(colors::kKeyFrame[c]) * (1 - next) + float(colors::kPropagated[c]) * next);
    }
  blendCells(picture, colors, evenAlpha(share, look.options.sidesOpacity), gridOf(result, share));
}

std::vector<TextPiece> keyMarkText(const Result& result, bool brief) {
  const bool ofNext = result.nextKey >= 0 && result.shareOfNext.empty();  // of that one alone
  const int64_t from = ofNext ? result.nextKey : result.keyFrame;
  const std::string key = std::to_string(from);
  if (result.isKey) return {{"Key frame " + key, colors::kKeyFrame}};
  if (brief) return {{"from key " + key, colors::kPropagated}};
  if (result.nextKey >= 0 && !ofNext)
    return {{"Propagated", colors::kPropagated}, {"between keys " + key + " and " + std::to_string(result.nextKey)}};
  const int64_t away = result.frame->index - from;
  const std::string distance = std::to_string(std::abs(away)) + (std::abs(away) == 1 ? " frame " : " frames ");
  return {{"Propagated", colors::kPropagated}, {"from key " + key + ", " + distance + (away < 0 ? "ahead" : "back")}};
}

void drawKeyMark(cv::Mat& picture, const Result& result, const OverlayLook& look) {
  const TagMark mark = result.isKey ? TagMark::Diamond : TagMark::Dot;
  Plate tag = makeTag(mark, keyMarkText(result, false), look.letterHeight);
  if (tag.rgb.cols + 2 * look.margin > picture.cols) tag = makeTag(mark, keyMarkText(result, true), look.letterHeight);
  blendAt(picture, tag.rgb, tag.alpha, {look.margin, look.margin});
}

void drawLegend(cv::Mat& picture, const Result&, const OverlayLook& look) {
  const cv::Point corner(picture.cols - look.legend.rgb.cols, picture.rows - look.legend.rgb.rows);
  if (!look.legend.rgb.empty())
    blendAt(picture, look.legend.rgb, look.legend.alpha, corner - cv::Point(look.margin, look.margin));
}

constexpr Layer kLayers[] = {
    {"seg", "the class of every pixel, as colour", LayerData::Labels, drawSeg},
    {"flow", "motion to the key frame, as hue and strength, in feature cells", LayerData::Flow, drawFlow},
    {"heat", "mean activation of the feature map or one of its channels, in its cells", LayerData::Heat, drawHeat},
    {"trust", "darkens where the propagated feature is not to be trusted", LayerData::Trust, drawTrust},
    {"sides", "which of the two keys each place came from: the one before or the one after", LayerData::Sides,
     drawSides},
    {"arrows", "motion to the key frame, as arrows", LayerData::Flow, drawArrows},
    {"contours", "lines between the classes", LayerData::Labels, drawClassContours},
    {"boxes", "boxes round objects", LayerData::Boxes, drawBoxes},
    {"keymark", "a tag that tells key frames from propagated ones", LayerData::Frame, drawKeyMark},
    {"legend", "names of the classes with their colours", LayerData::Frame, drawLegend},
};

}  // namespace

std::span<const Layer> layerTable() { return kLayers; }

}  // namespace dff
