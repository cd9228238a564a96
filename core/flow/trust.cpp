#include "core/flow/trust.h"

#include <torch/torch.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "kernels/warp.h"

namespace dff {
namespace {

constexpr double kResidualScale = 10;  // grey levels
constexpr double kFloor = 0.001;       // keeps a blend of distrusted sides defined

/// The picture averaged over each cell, grey levels, and a fourth channel of ones within the picture.
torch::Tensor cells(const NetInput& input, int64_t height, int64_t width) {
  const int rows = int(std::ceil(input.grid.height)), columns = int(std::ceil(input.grid.width));
  cv::Mat small;
  cv::resize(input.frame->rgb, small, {columns, rows}, 0, 0, cv::INTER_AREA);
  auto picture = torch::from_blob(small.data, {rows, columns, 3}, torch::kByte).to(torch::kFloat).permute({2, 0, 1});
  picture = torch::cat({picture, torch::ones({1, rows, columns})});
  return torch::constant_pad_nd(picture, {0, width - columns, 0, height - rows}).unsqueeze(0);
}

}  // namespace

cv::Mat trustMap(const NetInput& key, const NetInput& cur, const at::Tensor& keyFromCur) {
  const int64_t h = keyFromCur.size(2), w = keyFromCur.size(3);
  const auto now = cells(cur, h, w), warped = kernels::warp(cells(key, h, w), keyFromCur.to(torch::kFloat));
  const auto inside = warped.slice(1, 3, 4);
  auto residual = (now - warped / inside.clamp_min(1e-3)).slice(1, 0, 3).abs().mean(1, true);
  residual = torch::avg_pool2d(residual, 3, 1, 1, false, /*count_include_pad=*/false);
  const auto trust = (inside * torch::exp(-(residual / kResidualScale).square()) + kFloor).contiguous();
  return cv::Mat(int(h), int(w), CV_32F, trust.data_ptr()).clone();
}

}  // namespace dff
