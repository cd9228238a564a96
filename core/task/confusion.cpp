#include "core/task/confusion.h"

#include "core/base/error.h"

namespace dff {

void ConfusionMatrix::add(const cv::Mat& truth, const cv::Mat& predicted) {
  if (truth.size() != predicted.size())
    fail("labels of ", truth.cols, "x", truth.rows, " cannot be compared with ", predicted.cols, "x", predicted.rows);
  for (int y = 0; y < truth.rows; ++y) {
    const auto *t = truth.ptr<uint8_t>(y), *p = predicted.ptr<uint8_t>(y);
    for (int x = 0; x < truth.cols; ++x)
      if (t[x] < classes_ && p[x] < classes_) ++counts_[size_t(t[x]) * classes_ + p[x]];
  }
}

void ConfusionMatrix::add(const std::vector<int64_t>& counts) {
  if (counts.size() != counts_.size())
    fail("counts of ", counts.size(), " pairs of classes cannot be added to those of ", counts_.size());
  for (size_t i = 0; i < counts.size(); ++i) counts_[i] += counts[i];
}

std::vector<double> ConfusionMatrix::iou() const {
  std::vector<double> result;
  for (int c = 0; c < classes_; ++c) {
    int64_t truth = 0, predicted = 0;
    for (int other = 0; other < classes_; ++other) {
      truth += counts_[size_t(c) * classes_ + other];
      predicted += counts_[size_t(other) * classes_ + c];
    }
    const int64_t both = counts_[size_t(c) * classes_ + c];
    result.push_back(truth == 0 ? -1 : double(both) / double(truth + predicted - both));
  }
  return result;
}

double ConfusionMatrix::meanIou() const {
  double sum = 0;
  int present = 0;
  for (double value : iou())
    if (value >= 0) sum += value, ++present;
  return present ? sum / present : 0;
}

}  // namespace dff
