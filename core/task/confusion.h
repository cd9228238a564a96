#pragma once
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <vector>

namespace dff {

/// Counts of (true class, predicted class) over pixels; labels beyond the classes are ignored.
class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(int classes) : classes_(classes), counts_(size_t(classes) * classes) {}

  /// Both [H,W] CV_8U of one size.
  void add(const cv::Mat& truth, const cv::Mat& predicted);
  /// Counts of another matrix, as counts() gives them; throws Error where it has other classes.
  void add(const std::vector<int64_t>& counts);
  /// Row by row, a row for each true class.
  const std::vector<int64_t>& counts() const { return counts_; }

  /// Intersection over union of each class; below 0 for one that has no ground truth.
  std::vector<double> iou() const;
  /// Mean over the classes that have ground truth.
  double meanIou() const;

 private:
  int classes_;
  std::vector<int64_t> counts_;
};

}  // namespace dff
