#include "core/schedule/key_plan.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"

namespace dff {
namespace {
constexpr int kBins = 8;              // a channel
constexpr double kCutDistance = 0.5;  // half of the colours are others: fast driving stays below 0.1
// Between streets of one hour 0.3 is common. Then the places of light and dark decide; driving alone moves them by up
// to 24 grey levels where frames are half a second apart, but then the colours stay.
constexpr double kNearDistance = 0.15, kCutLevels = 18;
}  // namespace

ScenePrint scenePrint(const cv::Mat& rgb) {
  cv::Mat small, histogram, gray;
  cv::resize(rgb, small, {120, 90}, 0, 0, cv::INTER_AREA);
  const int channels[] = {0, 1, 2}, sizes[] = {kBins, kBins, kBins};
  const float range[] = {0, 256};
  const float* ranges[] = {range, range, range};
  cv::calcHist(&small, 1, channels, {}, histogram, 3, sizes, ranges);
  histogram /= double(small.total());
  cv::cvtColor(small, gray, cv::COLOR_RGB2GRAY);
  cv::resize(gray, gray, {30, 22}, 0, 0, cv::INTER_AREA);
  gray.convertTo(gray, CV_32F);
  return {histogram, gray};
}

double histogramDistance(const cv::Mat& a, const cv::Mat& b) { return cv::norm(a, b, cv::NORM_L1) / 2; }

bool isSceneCut(const ScenePrint& before, const ScenePrint& after) {
  const double distance = histogramDistance(before.histogram, after.histogram);
  if (distance > kCutDistance || distance < kNearDistance) return distance > kCutDistance;
  return cv::norm(before.small, after.small, cv::NORM_L1) / double(after.small.total()) > kCutLevels;
}

KeyPlan::KeyPlan(KeyPlanOptions options) : sceneCuts_(options.sceneCuts) {
  if (options.interval < 1)
    throw UsageError(text("the key-frame interval is ", options.interval, ", must be at least 1"));
  schedule_.interval = options.interval;
  schedule_.inPoint = options.inPoint;
  schedule_.pins = std::move(options.pins);
}

KeyPlan::Seen KeyPlan::see(const Frame& frame) const {
  Seen seen{frame.index, {}, false};
  if (!sceneCuts_) return seen;
  seen.print = scenePrint(frame.rgb);
  seen.cut = last_.index >= 0 && isSceneCut(last_.print, seen.print);
  return seen;
}

KeyDecision KeyPlan::decide(const Frame& frame) {
  const Seen now = ahead_.index == frame.index ? ahead_ : see(frame);
  const bool first = last_.index < 0;
  if (now.cut) schedule_.cuts.insert(frame.index);
  last_ = now;
  return {first || schedule_.isKey(frame.index), now.cut};
}

KeyDecision KeyPlan::decide(const Frame& frame, const Frame* next) {
  KeyDecision decision = decide(frame);
  if (next) ahead_ = see(*next);
  decision.isKey |= !next || ahead_.cut;
  return decision;
}

int64_t KeyPlan::startFor(int64_t index, bool readsAhead, int late) const {
  const int64_t key = std::max(schedule_.inPoint, schedule_.keyOf(std::max(schedule_.inPoint, index - late)));
  if (!readsAhead || key == schedule_.inPoint) return key;
  return std::max(schedule_.inPoint, schedule_.keyOf(key - 1));  // a key is blended with the one before it
}

}  // namespace dff
