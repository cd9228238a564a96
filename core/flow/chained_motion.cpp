#include "core/flow/chained_motion.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

namespace dff {
namespace {

constexpr int kRounds = 4;

/// Bilinear; beyond the centres of the border cells as there.
cv::Vec2f sampled(const cv::Mat& field, float x, float y) {
  x = std::clamp(x, 0.f, float(field.cols - 1)), y = std::clamp(y, 0.f, float(field.rows - 1));
  const int left = std::min(int(x), std::max(0, field.cols - 2)), top = std::min(int(y), std::max(0, field.rows - 2));
  const int right = std::min(left + 1, field.cols - 1), bottom = std::min(top + 1, field.rows - 1);
  const float fx = x - float(left), fy = y - float(top);
  const auto *upper = field.ptr<cv::Vec2f>(top), *lower = field.ptr<cv::Vec2f>(bottom);
  return (upper[left] * (1 - fx) + upper[right] * fx) * (1 - fy) + (lower[left] * (1 - fx) + lower[right] * fx) * fy;
}

/// Moves every position (pixels of the frame) one step back.
void stepBack(const StepField& step, cv::Mat& positions) {
  const float across = float(step.field.cols / step.size.width), down = float(step.field.rows / step.size.height);
  positions.forEach<cv::Vec2f>(
      [&](cv::Vec2f& p, const int*) { p += sampled(step.field, p[0] * across - 0.5f, p[1] * down - 0.5f); });
}

}  // namespace

cv::Mat followedBack(std::span<const StepField> steps, const CellGrid& grid) {
  cv::Mat positions(grid.cells, CV_32FC2);
  const float across = float(grid.pixels.width), down = float(grid.pixels.height);
  const auto centre = [&](int y, int x) { return cv::Vec2f((float(x) + 0.5f) * across, (float(y) + 0.5f) * down); };
  positions.forEach<cv::Vec2f>([&](cv::Vec2f& p, const int* at) { p = centre(at[0], at[1]); });
  for (const StepField& step : steps) stepBack(step, positions);
  positions.forEach<cv::Vec2f>([&](cv::Vec2f& p, const int* at) {
    p -= centre(at[0], at[1]);
    p = {p[0] / across, p[1] / down};
  });
  return positions;
}

cv::Mat turnedRound(const cv::Mat& back) {
  cv::Mat forth = -back;
  for (int round = 0; round < kRounds; ++round)
    forth.forEach<cv::Vec2f>(
        [&](cv::Vec2f& f, const int* at) { f = -sampled(back, float(at[1]) + f[0], float(at[0]) + f[1]); });
  return forth;
}

FlowEstimate estimateOf(const cv::Mat& cells) {
  const auto flow = torch::from_blob(cells.data, {1, cells.rows, cells.cols, 2}, torch::kFloat);
  return {flow.permute({0, 3, 1, 2}).contiguous(), {}, {}};
}

}  // namespace dff
