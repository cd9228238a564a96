#pragma once
#include <opencv2/core/mat.hpp>
#include <opencv2/video/tracking.hpp>

#include "core/data/dataset.h"
#include "core/task/prediction.h"

namespace dff {

/// A share of pixels, counted.
struct Share {
  int64_t equal = 0, pixels = 0;
  /// Counts where both [H,W] CV_8U are equal; pixels of `other` that are kIgnore are left out.
  void add(const cv::Mat& labels, const cv::Mat& other);
  /// Below 0 where nothing was counted.
  double value() const { return pixels > 0 ? double(equal) / double(pixels) : -1; }
};

/// A mean of many values.
struct Mean {
  double sum = 0;
  int64_t count = 0;
  double value() const { return count > 0 ? sum / double(count) : -1; }
};

/// Moves what was said of a frame to the next one along a flow that none of the compared sources made: DIS at full
/// size (Kroeger et al. 2016). For temporal consistency after Lai et al. 2018 and others.
class NeutralMotion {
 public:
  NeutralMotion();
  /// The next frame of the video, [H,W] CV_8UC3.
  void next(const cv::Mat& rgb);
  /// Labels of the frame before as they would lie in this one; kIgnore where the flow leaves the picture.
  cv::Mat moved(const cv::Mat& labelsBefore) const;

 private:
  cv::Ptr<cv::DISOpticalFlow> dis_;
  cv::Mat gray_, before_;  // before_: [H,W] CV_32FC2, where each pixel was
};

/// Adds the end-point errors of a result's flow (no flow: none moved) at every pixel whose true motion to the key frame
/// is known and visible, in pixels of the video.
void addEndPointErrors(const Result& result, const DenseMotion& truth, Mean& errors);

}  // namespace dff
