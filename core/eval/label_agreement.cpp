#include "core/eval/label_agreement.h"

#include "core/base/error.h"

namespace dff {

void LabelAgreement::add(const cv::Mat& a, const cv::Mat& b) {
  if (a.size() != b.size()) fail("labels of ", a.cols, "x", a.rows, " cannot be compared with ", b.cols, "x", b.rows);
  for (int y = 0; y < a.rows; ++y) {
    const auto *p = a.ptr<uint8_t>(y), *q = b.ptr<uint8_t>(y);
    for (int x = 0; x < a.cols; ++x) {
      if (p[x] >= classes_ || q[x] >= classes_) continue;
      ++compared_;
      equal_ += p[x] == q[x];
    }
  }
}

}  // namespace dff
