#pragma once
#include <cstdint>
#include <opencv2/core/mat.hpp>

namespace dff {

/// How far two segmentations say the same, without ground truth: the share of pixels with the same class. Pixels where
/// either holds no class (a value of `classes` or more) are left out.
class LabelAgreement {
 public:
  explicit LabelAgreement(int classes) : classes_(classes) {}

  /// Both [H,W] CV_8U of one size; throws Error when the sizes differ.
  void add(const cv::Mat& a, const cv::Mat& b);
  /// What was counted elsewhere.
  void add(int64_t equal, int64_t compared) { equal_ += equal, compared_ += compared; }
  /// 0..1; 1 where nothing was compared.
  double share() const { return compared_ ? double(equal_) / double(compared_) : 1; }
  int64_t compared() const { return compared_; }
  int64_t equal() const { return equal_; }

 private:
  int classes_;
  int64_t equal_ = 0, compared_ = 0;
};

}  // namespace dff
