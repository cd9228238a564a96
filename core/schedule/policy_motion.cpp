#include <algorithm>
#include <cmath>
#include <vector>

#include "core/schedule/policy_signals.h"

namespace dff {
namespace {
constexpr double kLargeMotion = 64;  // pixels of the network's input: eight cells of stride 8
constexpr double kRank = 0.95;
}  // namespace

/// The 95th percentile of the length of motion, or the share of the picture that came in from outside the key's,
/// whichever is more of its scale.
double motionScore(PairSignals& pair) {
  const cv::Mat& flow = pair.keyFromCur();
  std::vector<double> lengths;
  int outside = 0;
  for (int y = 0; y < flow.rows; ++y)
    for (int x = 0; x < flow.cols; ++x) {
      const auto& m = flow.at<cv::Vec2f>(y, x);
      lengths.push_back(std::hypot(m[0], m[1]));
      const double u = x + m[0] / kQuarter, v = y + m[1] / kQuarter;
      outside += u < 0 || v < 0 || u > flow.cols - 1 || v > flow.rows - 1;
    }
  const auto at = lengths.begin() + std::ptrdiff_t(kRank * double(lengths.size() - 1));
  std::nth_element(lengths.begin(), at, lengths.end());
  return std::min(1.0, std::max(*at / kLargeMotion, double(outside) / double(lengths.size())));
}

}  // namespace dff
