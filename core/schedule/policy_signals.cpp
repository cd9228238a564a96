#include "core/schedule/policy_signals.h"

#include <opencv2/video/tracking.hpp>

namespace dff {
namespace {

cv::Mat flowBetween(const cv::Mat& from, const cv::Mat& to) {
  thread_local const auto flow = cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_FAST);
  cv::Mat pixels;
  flow->calc(from, to, pixels);
  return pixels * double(kQuarter);
}

}  // namespace

const cv::Mat& PairSignals::keyFromCur() {
  if (keyFromCur_.empty()) keyFromCur_ = flowBetween(cur_.gray, key_.gray);
  return keyFromCur_;
}

const cv::Mat& PairSignals::curFromKey() {
  if (curFromKey_.empty()) curFromKey_ = flowBetween(key_.gray, cur_.gray);
  return curFromKey_;
}

}  // namespace dff
