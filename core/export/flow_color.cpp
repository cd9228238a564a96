#include "core/export/flow_color.h"

#include "core/base/error.h"
#include "kernels/flow_color.h"

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

kernels::ColorWheel wheelOfKernel() {
  const std::vector<Rgb> hues = flowColorWheel();
  kernels::ColorWheel wheel;
  wheel.hues = int(hues.size());
  for (size_t i = 0; i <= hues.size(); ++i)
    for (size_t c = 0; c < 3; ++c) wheel.rgb[c][i] = float(hues[i % hues.size()][c]) / 255;
  return wheel;
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
  kernels::FlowColorInput in{nullptr, flow.cols, float(fullLength), wheelOfKernel()};
  cv::Mat colored(flow.size(), CV_8UC3);
  for (int y = 0; y < flow.rows; ++y) {
    in.flow = flow.ptr<float>(y);
    kernels::flowColor(in, colored.ptr<uint8_t>(y));
  }
  return colored;
}

}  // namespace dff
