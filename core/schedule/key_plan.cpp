#include "core/schedule/key_plan.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"

namespace dff {
namespace {
constexpr int kBins = 8;              // a channel
constexpr double kCutDistance = 0.5;  // half of the colours are others: fast driving stays below 0.2
}  // namespace

cv::Mat colorHistogram(const cv::Mat& rgb) {
  cv::Mat small, histogram;
  cv::resize(rgb, small, {120, 90}, 0, 0, cv::INTER_AREA);
  const int channels[] = {0, 1, 2}, sizes[] = {kBins, kBins, kBins};
  const float range[] = {0, 256};
  const float* ranges[] = {range, range, range};
  cv::calcHist(&small, 1, channels, {}, histogram, 3, sizes, ranges);
  return histogram / double(small.total());
}

double histogramDistance(const cv::Mat& a, const cv::Mat& b) { return cv::norm(a, b, cv::NORM_L1) / 2; }

KeyPlan::KeyPlan(KeyPlanOptions options) : options_(options) {
  if (options.interval < 1)
    throw UsageError(text("the key-frame interval is ", options.interval, ", must be at least 1"));
}

KeyDecision KeyPlan::decide(const Frame& frame) {
  KeyDecision decision;
  decision.isKey = before_ < 0 || (frame.index - options_.inPoint) % options_.interval == 0;
  if (options_.sceneCuts) {
    cv::Mat histogram = colorHistogram(frame.rgb);
    decision.sceneCut = before_ >= 0 && histogramDistance(histogram_, histogram) > kCutDistance;
    histogram_ = histogram;
  }
  decision.isKey |= decision.sceneCut;
  before_ = frame.index;
  return decision;
}

}  // namespace dff
