#include "core/schedule/key_policy.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/base/registry.h"
#include "core/media/codec_motion.h"
#include "core/schedule/key_plan.h"

namespace dff {
namespace {

constexpr KeyPolicy kPolicies[] = {
    {"fixed", "every --interval frames", nullptr},
    {"scene_cut", "when half of the colours have changed, at the limit of 0.5", sceneCutScore},
    {"warp_residual", "when the key, warped along the flow, no longer looks like the frame", warpResidualScore},
    {"forward_backward", "when motion to the key and back no longer leads home", forwardBackwardScore},
    {"motion", "when much has moved far, or come into the picture", motionScore},
    {"codec", "when the video's encoder found much that is new", codecScore},
    {"manual", "pinned frames, cuts and --max-interval alone", manualScore},
    {"budget", "as warp_residual, its limit following --key-share frame by frame", warpResidualScore, true},
};

constexpr int kBisections = 12;
// The budget's controller: how fast its limit follows the error of the share, now and summed up.
constexpr double kProportional = 2, kIntegral = 0.05;

/// The limit that makes keys rarer where there were too many.
class Budget {
 public:
  Budget(double limit, double share) : limit_(limit), share_(share) {}
  double limit() const { return std::clamp(limit_ + kProportional * error() + kIntegral * sum_, 0.0, 1.0); }
  bool allows() const { return tokens_ >= 1; }
  void count(bool isKey) {
    keys_ += isKey, ++frames_;
    tokens_ = std::min(kMostTokens, tokens_ + share_) - (isKey ? 1 : 0);
    sum_ += error();
  }

 private:
  static constexpr double kMostTokens = 3;
  double error() const { return frames_ > 0 ? keys_ / frames_ - share_ : 0; }
  double limit_, share_, keys_ = 0, frames_ = 0, sum_ = 0, tokens_ = 1;
};

/// One plan with one limit.
KeyPlacement placeWith(const KeyPolicy& policy, const std::vector<PlanFrame>& frames, const PolicyOptions& o,
                       const std::set<int64_t>& pins) {
  KeyPlacement plan{{}, {}, o.limit};
  Budget budget(o.limit, o.keyShare);
  size_t key = 0;
  double intra = 0;
  for (size_t i = 0; i < frames.size(); ++i) {
    const auto since = int64_t(i - key);
    const bool forced = i == 0 || frames[i].cut || pins.count(frames[i].index) || since >= o.maxInterval;
    double score = 1;
    intra += frames[i].intraShare;
    if (!forced) {
      PairSignals pair(frames[i], frames[key], intra);
      score = policy.score(pair);
    }
    const bool wanted = policy.holdsShare ? budget.allows() && score >= budget.limit() : score >= o.limit;
    const bool isKey = forced || (since >= o.minInterval && wanted);
    if (isKey) plan.keys.insert(frames[i].index), key = i, intra = 0;
    budget.count(isKey);
    plan.scores.push_back(score);
  }
  return plan;
}

/// The limit whose share of keys comes nearest to the wanted one: a higher limit means fewer keys.
KeyPlacement placeByShare(const KeyPolicy& policy, const std::vector<PlanFrame>& frames, PolicyOptions o,
                          const std::set<int64_t>& pins) {
  const double wanted = o.keyShare * double(frames.size());
  const auto missed = [&](const KeyPlacement& p) { return std::abs(double(p.keys.size()) - wanted); };
  double low = 0, high = 1;
  KeyPlacement best;
  for (int i = 0; i < kBisections; ++i) {
    o.limit = (low + high) / 2;
    const KeyPlacement plan = placeWith(policy, frames, o, pins);
    if (best.scores.empty() || missed(plan) < missed(best)) best = plan;
    (double(plan.keys.size()) > wanted ? low : high) = o.limit;
  }
  return best;
}

double intraShareOf(const Frame& frame) {
  if (!frame.motion || frame.codecKey) return 0;
  return frame.motion->intraShare;
}

}  // namespace

const KeyPolicy& findPolicy(const std::string& name) { return findKind(kPolicies, name, "policy"); }
std::string knownPolicies() { return knownNames(kPolicies); }
std::string helpOfPolicies() { return helpLines(kPolicies); }

KeyPlacement placeKeys(const std::vector<PlanFrame>& frames, const PolicyOptions& o, const std::set<int64_t>& pins) {
  const KeyPolicy& policy = findPolicy(o.policy);
  if (!policy.score)
    throw UsageError("the policy " + o.policy + " needs no plan: its keys stand on the interval's grid");
  if (o.maxInterval < o.minInterval)
    throw UsageError(text("--max-interval ", o.maxInterval, " lies below --min-interval ", o.minInterval));
  if (policy.holdsShare && o.keyShare <= 0) throw UsageError("the policy " + o.policy + " needs --key-share");
  return o.keyShare > 0 && !policy.holdsShare ? placeByShare(policy, frames, o, pins)
                                              : placeWith(policy, frames, o, pins);
}

PlanFrame planFrame(const Frame& frame, cv::Size network, const PlanFrame* before) {
  const cv::Size quarter(std::max(16, network.width / kQuarter), std::max(16, network.height / kQuarter));
  PlanFrame seen{frame.index, {}, colorHistogram(frame.rgb), false, frame.codecKey, intraShareOf(frame)};
  cv::Mat small;
  cv::resize(frame.rgb, small, quarter, 0, 0, cv::INTER_AREA);
  cv::cvtColor(small, seen.gray, cv::COLOR_RGB2GRAY);
  seen.cut = before && isSceneCut(before->histogram, seen.histogram);
  return seen;
}

std::vector<PlanFrame> planFrames(FrameSource& source, int64_t first, int64_t last, cv::Size network,
                                  const JobContext& job) {
  source.seek(first);
  const int64_t end = last < 0 ? std::ssize(source.info().times) - 1 : last;
  std::vector<PlanFrame> frames;
  while (const FramePtr frame = source.next()) {
    job.checkStop();
    if (frame->index > end) break;
    frames.push_back(planFrame(*frame, network, frames.empty() ? nullptr : &frames.back()));
    job.progress(frame->index - first + 1, end - first + 1, "placing key frames");
  }
  source.seek(first);
  return frames;
}

}  // namespace dff
