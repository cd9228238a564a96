#include "core/data/motion/smooth_motion.h"

#include <array>
#include <opencv2/imgproc.hpp>

#include "core/data/motion/sample.h"

namespace dff::motion {
namespace {

cv::Mat drawFlow(const cv::Size& size, cv::RNG& rng) {
  const float longest = static_cast<float>(std::max(size.width, size.height));
  cv::Mat waves(5, 6, CV_32FC2), flow;
  rng.fill(waves, cv::RNG::NORMAL, 0, longest * rng.uniform(0., 0.012));
  cv::resize(waves, flow, size, 0, 0, cv::INTER_CUBIC);
  const cv::Vec2f shift(static_cast<float>(longest * rng.gaussian(0.03)),
                        static_cast<float>(longest * rng.gaussian(0.015)));
  std::array<float, 4> a{};
  for (float& entry : a) entry = static_cast<float>(rng.gaussian(0.03));
  const float zoom = static_cast<float>(rng.gaussian(0.06));
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const float u = static_cast<float>(x) - static_cast<float>(size.width) / 2;
      const float v = static_cast<float>(y) - static_cast<float>(size.height) / 2;
      flow.at<cv::Vec2f>(y, x) += shift + cv::Vec2f((zoom + a[0]) * u + a[1] * v, a[2] * u + (zoom + a[3]) * v);
    }
  return flow;
}

}  // namespace

MotionPair smoothMotion(const LabelledImage& still, cv::RNG& rng) {
  const cv::Size size = still.rgb.size();
  const cv::Rect_<float> inside(0, 0, static_cast<float>(size.width - 1), static_cast<float>(size.height - 1));
  MotionPair pair{still.rgb.clone(),    cv::Mat(size, CV_8UC3),      drawFlow(size, rng),        still.labels.clone(),
                  cv::Mat(size, CV_8U), cv::Mat::zeros(size, CV_8U), cv::Mat::zeros(size, CV_8U)};
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const cv::Vec2f at =
          pair.keyFromCur.at<cv::Vec2f>(y, x) + cv::Vec2f(static_cast<float>(x), static_cast<float>(y));
      pair.cur.at<cv::Vec3b>(y, x) = sampleMirrored(still.rgb, at);
      pair.curLabels.at<uchar>(y, x) = nearestMirrored(still.labels, at);
      if (at[0] >= 0 && at[1] >= 0 && at[0] <= inside.width && at[1] <= inside.height) pair.valid.at<uchar>(y, x) = 255;
    }
  return pair;
}

}  // namespace dff::motion
