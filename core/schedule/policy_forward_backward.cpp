#include <cmath>

#include "core/schedule/policy_signals.h"

namespace dff {

/// Share of the picture whose motion to the key and back does not lead home:
/// |M + M'|^2 > 0.01 (|M|^2 + |M'|^2) + 0.5, M' the motion from the key at p + M(p) (Sundaram et al. 2010).
double forwardBackwardScore(PairSignals& pair) {
  const cv::Mat &there = pair.keyFromCur(), &back = pair.curFromKey();
  const auto norm = [](const cv::Vec2f& v) { return v[0] * v[0] + v[1] * v[1]; };
  int inconsistent = 0;
  for (int y = 0; y < there.rows; ++y)
    for (int x = 0; x < there.cols; ++x) {
      const cv::Vec2f m = there.at<cv::Vec2f>(y, x);
      const int u = int(std::lround(float(x) + m[0] / kQuarter)), v = int(std::lround(float(y) + m[1] / kQuarter));
      if (u < 0 || v < 0 || u >= there.cols || v >= there.rows) {
        ++inconsistent;
        continue;
      }
      const cv::Vec2f home = back.at<cv::Vec2f>(v, u);
      inconsistent += norm(m + home) > 0.01f * (norm(m) + norm(home)) + 0.5f;
    }
  return double(inconsistent) / double(there.total());
}

}  // namespace dff
