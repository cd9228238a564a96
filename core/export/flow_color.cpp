#include "core/export/flow_color.h"

#include <cmath>
#include <numbers>
#include <utility>

#include "core/base/error.h"

namespace dff {
namespace {

/// One arc of the wheel: `steps` hues, over which channel `moving` rises or falls while the others stand still.
struct Arc {
  int steps;
  Rgb start;
  int moving;
  bool rises;
};
constexpr Arc kArcs[] = {
    {15, {255, 0, 0}, 1, true},     // red to yellow
    {6, {255, 255, 0}, 0, false},   // yellow to green
    {4, {0, 255, 0}, 2, true},      // green to cyan
    {11, {0, 255, 255}, 1, false},  // cyan to blue
    {13, {0, 0, 255}, 0, true},     // blue to magenta
    {6, {255, 0, 255}, 2, false},   // magenta to red
};
constexpr float kUnknownFlow = 1e9f;  // the limit of the Middlebury format
constexpr float kTooLong = 0.75f;     // of the pure hue, for flow beyond the scale

Rgb hueOf(cv::Point2f unit, float length, const std::vector<Rgb>& wheel) {
  const float turn = (std::atan2(-unit.y, -unit.x) / std::numbers::pi_v<float> + 1) / 2;
  const float place = turn * static_cast<float>(wheel.size() - 1);
  const size_t at = static_cast<size_t>(place);
  const float part = place - static_cast<float>(at);
  const Rgb &a = wheel[at % wheel.size()], &b = wheel[(at + 1) % wheel.size()];
  Rgb color;
  for (size_t c = 0; c < 3; ++c) {
    const float pure = ((1 - part) * a[c] + part * b[c]) / 255;
    color[c] = static_cast<uint8_t>(255 * (length <= 1 ? 1 - length * (1 - pure) : pure * kTooLong));
  }
  return color;
}

Rgb colorOf(cv::Vec2f flow, double fullLength, const std::vector<Rgb>& wheel) {
  const bool known = std::abs(flow[0]) <= kUnknownFlow && std::abs(flow[1]) <= kUnknownFlow;  // false for NaN as well
  if (!known) return {0, 0, 0};
  const cv::Point2f scaled(flow[0] / static_cast<float>(fullLength), flow[1] / static_cast<float>(fullLength));
  return hueOf(scaled, std::hypot(scaled.x, scaled.y), wheel);
}

}  // namespace

std::vector<Rgb> flowColorWheel() {
  std::vector<Rgb> wheel;
  for (const Arc& arc : kArcs)
    for (int i = 0; i < arc.steps; ++i) {
      Rgb color = arc.start;
      const int step = 255 * i / arc.steps;
      color[static_cast<size_t>(arc.moving)] = static_cast<uint8_t>(arc.rises ? step : 255 - step);
      wheel.push_back(color);
    }
  return wheel;
}

cv::Mat colorFlow(const cv::Mat& flow, double fullLength) {
  if (flow.type() != CV_32FC2) fail("flow to be coloured must be CV_32FC2, is of OpenCV type ", flow.type());
  if (!(fullLength > 0)) fail("the flow length of full colour must be above 0, is ", fullLength);
  const std::vector<Rgb> wheel = flowColorWheel();
  cv::Mat colored(flow.size(), CV_8UC3);
  for (int y = 0; y < flow.rows; ++y)
    for (int x = 0; x < flow.cols; ++x) {
      const Rgb c = colorOf(flow.at<cv::Vec2f>(y, x), fullLength, wheel);
      colored.at<cv::Vec3b>(y, x) = {c[0], c[1], c[2]};
    }
  return colored;
}

}  // namespace dff
