#include "core/schedule/key_policy.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <opencv2/imgproc.hpp>
#include <sstream>

#include "core/base/registry.h"
#include "core/media/codec_motion.h"
#include "core/schedule/key_plan.h"
#include "core/schedule/least_change.h"

namespace dff {
namespace {

constexpr KeyPolicy kPolicies[] = {
    {"fixed", "every --interval frames", nullptr},
    {"scene_cut", "when half of the colours have changed, at the limit of 0.5", sceneCutScore},
    {"warp_residual", "when the key, warped along the flow, no longer looks like the frame", warpResidualScore},
    {"forward_backward", "when motion to the key and back no longer leads home", forwardBackwardScore},
    {"motion", "when much has moved far, or come into the picture", motionScore},
    {"codec", "when the video's encoder found much that is new", codecScore},
    {"margin", "when the model is less sure than at the key; it is run once before, to find out", marginScore,
     Placing::AtLimit, true},
    {"manual", "pinned frames, cuts and --max-interval alone", manualScore},
    {"budget", "as warp_residual, its limit following --key-share frame by frame", warpResidualScore,
     Placing::AsBudget},
    {"balanced", "so that over the whole range least change piles up behind --key-share keys", warpResidualScore,
     Placing::LeastChange},
};

constexpr int kBisections = 12;
constexpr double kUnreached = 1.01;  // a limit that no score reaches
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

/// What a plan is made of.
struct Plan {
  const KeyPolicy& policy;
  const std::vector<PlanFrame>& frames;
  const PolicyOptions& options;
  const PlanContext& context;
  mutable std::map<std::pair<size_t, size_t>, double> scores = {};  // by frame and key

  bool forced(size_t i) const {
    const bool ends = i + 1 == frames.size() || frames[i + 1].cut;
    return i == 0 || frames[i].cut || context.pins.count(frames[i].index) || (context.readsAhead && ends);
  }
  /// Asked once for every pair, however often a limit is tried.
  double score(size_t i, size_t key, double intra) const {
    const auto [known, isNew] = scores.try_emplace({i, key}, 0);
    if (!isNew) return known->second;
    PairSignals pair(frames[i], frames[key], intra, context.sureness);
    return known->second = policy.score(pair);
  }
  size_t wanted() const { return size_t(std::max<long>(1, std::lround(options.keyShare * double(frames.size())))); }
};

/// With one limit.
KeyPlacement placeAt(const Plan& plan, double limit) {
  const auto& frames = plan.frames;
  const auto& o = plan.options;
  KeyPlacement placed{{}, {}, limit};
  Budget budget(limit, o.keyShare);
  const bool asBudget = plan.policy.placing == Placing::AsBudget;
  size_t key = 0;
  double intra = 0;
  for (size_t i = 0; i < frames.size(); ++i) {
    const auto since = int64_t(i - key);
    const bool forced = plan.forced(i) || since >= o.maxInterval;
    intra += frames[i].intraShare;
    const double score = forced ? 1 : plan.score(i, key, intra);
    const bool wanted = asBudget ? budget.allows() && score >= budget.limit() : score >= limit;
    const bool isKey = forced || (since >= o.minInterval && wanted);
    if (isKey) placed.keys.insert(frames[i].index), key = i, intra = 0;
    budget.count(isKey);
    placed.scores.push_back(score);
  }
  return placed;
}

/// Scores the frames from a new key up to the next one.
void scoreFrom(const Plan& plan, size_t key, KeyPlacement& placed) {
  placed.scores[key] = 1;
  double intra = 0;
  for (size_t i = key + 1; i < plan.frames.size() && !placed.keys.count(plan.frames[i].index); ++i)
    placed.scores[i] = plan.score(i, key, intra += plan.frames[i].intraShare);
}

/// Makes keys of the frames that score highest until there are `wanted`.
void fillUp(const Plan& plan, KeyPlacement& placed) {
  const auto& frames = plan.frames;
  const int least = plan.options.minInterval;
  const auto isFree = [&](size_t i) {
    const auto after = placed.keys.lower_bound(frames[i].index);
    return frames[i].index - *std::prev(after) >= least &&
           (after == placed.keys.end() || *after - frames[i].index >= least);
  };
  while (placed.keys.size() < plan.wanted()) {
    size_t best = 0;
    for (size_t i = 1; i < frames.size(); ++i)
      if ((best == 0 || placed.scores[i] > placed.scores[best]) && isFree(i)) best = i;
    if (best == 0) return;
    placed.keys.insert(frames[best].index);
    scoreFrom(plan, best, placed);
  }
}

/// The lowest limit that gives no more keys than wanted, and more keys where that falls short: a higher limit means
/// fewer keys.
KeyPlacement placeByShare(const Plan& plan) {
  double low = 0, high = kUnreached;
  KeyPlacement best = placeAt(plan, high);
  for (int i = 0; i < kBisections && best.keys.size() != plan.wanted(); ++i) {
    const double limit = (low + high) / 2;
    KeyPlacement placed = placeAt(plan, limit);
    (placed.keys.size() > plan.wanted() ? low : high) = limit;
    if (placed.keys.size() <= plan.wanted()) best = std::move(placed);
  }
  fillUp(plan, best);
  return best;
}

KeyPlacement placeLeastChange(const Plan& plan) {
  const auto& frames = plan.frames;
  KeyChoice choice;
  for (size_t i = 0; i < frames.size(); ++i) {
    if (plan.forced(i)) choice.forced.insert(i);
    choice.change.push_back(i == 0 || frames[i].cut ? 0 : plan.score(i, i - 1, frames[i].intraShare));
  }
  choice.keys = plan.wanted();
  choice.shortest = size_t(plan.options.minInterval), choice.longest = size_t(plan.options.maxInterval);
  choice.bothSides = plan.context.readsAhead;
  KeyPlacement placed{{}, choice.change, 0};
  for (const size_t key : leastChange(choice)) placed.keys.insert(frames[key].index), placed.scores[key] = 1;
  return placed;
}

void check(const KeyPolicy& policy, const PolicyOptions& o, const PlanContext& context) {
  if (!policy.score)
    throw UsageError("the policy " + o.policy + " needs no plan: its keys stand on the interval's grid");
  if (o.maxInterval < o.minInterval)
    throw UsageError(text("--max-interval ", o.maxInterval, " lies below --min-interval ", o.minInterval));
  if (policy.placing != Placing::AtLimit && o.keyShare <= 0)
    throw UsageError("the policy " + o.policy + " needs --key-share");
  if (policy.asksModel && !context.sureness) fail("the policy ", o.policy, " asks the model, and there is none here");
}

double intraShareOf(const Frame& frame) {
  if (!frame.motion || frame.codecKey) return 0;
  return frame.motion->intraShare;
}

}  // namespace

const KeyPolicy& findPolicy(const std::string& name) { return findKind(kPolicies, name, "policy"); }
std::string knownPolicies() { return knownNames(kPolicies); }
std::string helpOfPolicies() { return helpLines(kPolicies); }

PolicyOptions parsePolicy(const std::string& text, const PolicyOptions& otherwise) {
  PolicyOptions options = otherwise;
  std::istringstream parts(text);
  std::getline(parts, options.policy, ':');
  findPolicy(options.policy);
  nlohmann::json given = nlohmann::json::object();
  for (std::string part; std::getline(parts, part, ':');) {
    const auto equals = part.find('=');
    const auto value = nlohmann::json::parse(part.substr(std::min(part.size(), equals + 1)), nullptr, false);
    if (equals == std::string::npos || !value.is_number())
      throw UsageError("\"" + part + "\" in the policy \"" + text + "\" is not option=number");
    given[part.substr(0, equals)] = value;
  }
  fromJson(given, options, "policy " + text);
  return options;
}

KeyPlacement placeKeys(const std::vector<PlanFrame>& frames, const PolicyOptions& o, const PlanContext& context) {
  const KeyPolicy& policy = findPolicy(o.policy);
  check(policy, o, context);
  const Plan plan{policy, frames, o, context};
  if (policy.score == manualScore) return placeAt(plan, kUnreached);  // people ask for no share
  if (policy.placing == Placing::LeastChange) return placeLeastChange(plan);
  if (policy.placing == Placing::AtLimit && o.keyShare > 0) return placeByShare(plan);
  return placeAt(plan, o.limit);
}

PlanFrame planFrame(const Frame& frame, cv::Size network, const PlanFrame* before) {
  const cv::Size quarter(std::max(16, network.width / kQuarter), std::max(16, network.height / kQuarter));
  PlanFrame seen{frame.index, {}, scenePrint(frame.rgb), false, frame.codecKey, intraShareOf(frame)};
  cv::Mat small;
  cv::resize(frame.rgb, small, quarter, 0, 0, cv::INTER_AREA);
  cv::cvtColor(small, seen.gray, cv::COLOR_RGB2GRAY);
  seen.cut = before && isSceneCut(before->print, seen.print);
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
