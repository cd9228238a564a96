#pragma once
#include <functional>

#include "core/flow/flow_source.h"

namespace dff {

/// Flow of OpenCV's kind: two grey pictures of the network's size give a flow in pixels, whose mean over each cell is
/// the estimate; there is no scale map.
class ImageFlow : public FlowSource {
 public:
  /// Fills `pixels` [H,W] CV_32FC2 with the motion from `cur` to `key`, both [H,W] CV_8U.
  using Calculate = std::function<void(const cv::Mat& cur, const cv::Mat& key, cv::Mat& pixels)>;

  ImageFlow(const ModelSpec& spec, Calculate calculate);
  FlowCode encode(const NetInput& input) override;
  FlowEstimate estimate(const FlowCode& cur, const FlowCode& key) override;

 private:
  FlowEstimate onGrid(const cv::Mat& pixels) const;

  int stride_, padMultiple_;
  Calculate calculate_;
};

}  // namespace dff
