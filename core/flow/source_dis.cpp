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
  explicit DisSource(int stride)
      : stride_(stride), dis_(cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_MEDIUM)) {}

  void setKey(const NetInput& key) override { key_ = grayOf(key); }

  FlowEstimate estimate(const NetInput& cur) override {
    cv::Mat pixels;
    dis_->calc(grayOf(cur), key_, pixels);
    return {onGrid(pixels, cur.pixels), {}, {}};
  }

 private:
  /// Mean over each cell, in cells; the padding repeats the picture's border.
  at::Tensor onGrid(const cv::Mat& pixels, const at::Tensor& input) const {
    cv::Mat padded;
    cv::copyMakeBorder(pixels, padded, 0, int(input.size(2)) - pixels.rows, 0, int(input.size(3)) - pixels.cols,
                       cv::BORDER_REPLICATE);
    const auto flow =
        torch::from_blob(padded.data, {1, padded.rows, padded.cols, 2}, torch::kFloat).permute({0, 3, 1, 2});
    return torch::avg_pool2d(flow, stride_, stride_, 0, /*ceil_mode=*/true).div_(stride_).contiguous();
  }

  int stride_;
  cv::Ptr<cv::DISOpticalFlow> dis_;
  cv::Mat key_;
};

}  // namespace

std::unique_ptr<FlowSource> makeDisSource(const ModelPtr& model) {
  return std::make_unique<DisSource>(model->spec.stride());
}

}  // namespace dff
