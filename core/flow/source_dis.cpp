#include <torch/torch.h>

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include "core/flow/flow_source.h"
#include "core/model/dff_model.h"

namespace dff {
namespace {

/// Gray picture of the network's size: hand-crafted flow sees what the networks see.
cv::Mat grayOf(const NetInput& input) {
  cv::Mat small, gray;
  cv::resize(input.frame->rgb, small, input.picture, 0, 0, cv::INTER_AREA);
  cv::cvtColor(small, gray, cv::COLOR_RGB2GRAY);
  return gray;
}

class DisSource : public FlowSource {
 public:
  explicit DisSource(const ModelSpec& spec)
      : stride_(spec.stride()),
        padMultiple_(spec.input.padMultiple),
        dis_(cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_MEDIUM)) {}

  FlowCode encode(const NetInput& input) override { return {{}, grayOf(input)}; }

  FlowEstimate estimate(const FlowCode& cur, const FlowCode& key) override {
    cv::Mat pixels;
    dis_->calc(cur.gray, key.gray, pixels);
    return {onGrid(pixels), {}, {}};
  }

 private:
  /// Mean over each cell, in cells; the padding repeats the picture's border.
  at::Tensor onGrid(const cv::Mat& pixels) const {
    const auto missing = [this](int side) { return (padMultiple_ - side % padMultiple_) % padMultiple_; };
    cv::Mat padded;
    cv::copyMakeBorder(pixels, padded, 0, missing(pixels.rows), 0, missing(pixels.cols), cv::BORDER_REPLICATE);
    const auto flow =
        torch::from_blob(padded.data, {1, padded.rows, padded.cols, 2}, torch::kFloat).permute({0, 3, 1, 2});
    return torch::avg_pool2d(flow, stride_, stride_, 0, /*ceil_mode=*/true).div_(stride_).contiguous();
  }

  int stride_, padMultiple_;
  cv::Ptr<cv::DISOpticalFlow> dis_;
};

}  // namespace

std::unique_ptr<FlowSource> makeDisSource(const ModelPtr& model) { return std::make_unique<DisSource>(model->spec); }

}  // namespace dff
