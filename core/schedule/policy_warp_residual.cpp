#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/schedule/policy_signals.h"

namespace dff {
namespace {
constexpr double kLargeResidual = 32;  // grey levels, mean over the picture: two unlike pictures
constexpr double kSoftness = 1;        // grey levels
}  // namespace

/// Mean Charbonnier penalty of I_cur(p) - I_key(p + M(p)), over where p + M(p) lies in the key picture; what lies
/// outside counts as the large residual.
double warpResidualScore(PairSignals& pair) {
  const cv::Mat& flow = pair.keyFromCur();
  const cv::Mat &cur = pair.cur().gray, &key = pair.key().gray;
  cv::Mat map(flow.size(), CV_32FC2), warped;
  map.forEach<cv::Vec2f>([&](cv::Vec2f& to, const int* at) {
    const auto& m = flow.at<cv::Vec2f>(at[0], at[1]);
    to = {float(at[1]) + m[0] / kQuarter, float(at[0]) + m[1] / kQuarter};
  });
  cv::remap(key, warped, map, {}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  double sum = 0;
  for (int y = 0; y < cur.rows; ++y)
    for (int x = 0; x < cur.cols; ++x) {
      const auto& to = map.at<cv::Vec2f>(y, x);
      const bool inside = to[0] >= 0 && to[1] >= 0 && to[0] <= float(cur.cols - 1) && to[1] <= float(cur.rows - 1);
      const double r = double(cur.at<uint8_t>(y, x)) - double(warped.at<uint8_t>(y, x));
      sum += inside ? std::sqrt(r * r + kSoftness * kSoftness) - kSoftness : kLargeResidual;
    }
  return std::min(1.0, sum / double(cur.total()) / kLargeResidual);
}

}  // namespace dff
