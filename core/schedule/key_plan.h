#pragma once
#include <opencv2/core/mat.hpp>

#include "core/media/frame.h"

namespace dff {

/// Whether the feature network runs on a frame, and why.
struct KeyDecision {
  bool isKey = false;
  bool sceneCut = false;
};

struct KeyPlanOptions {
  int interval = 10;      ///< frames from key to key, counted from the in-point
  int64_t inPoint = 0;    ///< frame number
  bool sceneCuts = true;  ///< a frame after a scene cut is a key too
};

/// Decides, in the order of the frames from the in-point on, which ones are key frames: every `interval`-th, and those
/// after a scene cut. Both depend on a frame and the one before it only, so that a seek gives what playing gives.
class KeyPlan {
 public:
  /// Throws UsageError when the interval is below 1.
  explicit KeyPlan(KeyPlanOptions options);
  KeyDecision decide(const Frame& frame);

 private:
  KeyPlanOptions options_;
  cv::Mat histogram_;  // of the frame before
  int64_t before_ = -1;
};

/// Distance of two pictures' colour histograms, 0 (alike) .. 1 (nothing in common).
double histogramDistance(const cv::Mat& a, const cv::Mat& b);

/// The histogram that histogramDistance compares, of an RGB picture; sums to 1.
cv::Mat colorHistogram(const cv::Mat& rgb);

}  // namespace dff
