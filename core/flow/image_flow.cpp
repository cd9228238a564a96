#include "core/flow/image_flow.h"

#include <torch/torch.h>

#include <opencv2/imgproc.hpp>

namespace dff {

ImageFlow::ImageFlow(const ModelSpec& spec, Calculate calculate)
    : stride_(spec.stride()), padMultiple_(spec.input.padMultiple), calculate_(std::move(calculate)) {}

FlowCode ImageFlow::encode(const NetInput& input) {
  cv::Mat small, gray;
  cv::resize(input.frame->rgb, small, input.picture, 0, 0, cv::INTER_AREA);
  cv::cvtColor(small, gray, cv::COLOR_RGB2GRAY);
  return {{}, gray, {}, {}};
}

FlowEstimate ImageFlow::estimate(const FlowCode& cur, const FlowCode& key) {
  cv::Mat pixels;
  calculate_(cur.gray, key.gray, pixels);
  return onGrid(pixels);
}

/// Mean over each cell, in cells, and over cells of half the side; the padding repeats the picture's border.
FlowEstimate ImageFlow::onGrid(const cv::Mat& pixels) const {
  const auto missing = [this](int side) { return (padMultiple_ - side % padMultiple_) % padMultiple_; };
  cv::Mat padded;
  cv::copyMakeBorder(pixels, padded, 0, missing(pixels.rows), 0, missing(pixels.cols), cv::BORDER_REPLICATE);
  const auto flow =
      torch::from_blob(padded.data, {1, padded.rows, padded.cols, 2}, torch::kFloat).permute({0, 3, 1, 2});
  const auto meanOver = [&](int side) {
    return torch::avg_pool2d(flow, side, side, 0, /*ceil_mode=*/true).div_(side).contiguous();
  };
  FlowEstimate estimate{meanOver(stride_), {}, {}};
  if (stride_ % 2 == 0) estimate.finer = meanOver(stride_ / 2);
  return estimate;
}

}  // namespace dff
