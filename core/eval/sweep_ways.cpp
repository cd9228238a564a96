#include "core/eval/sweep_ways.h"

#include <algorithm>
#include <set>

namespace dff {
namespace {

constexpr int kLongestOfInterval = 4;  // most frames from key to key of a policy, in intervals

/// A policy gets the keys that the fixed interval has, so it can have no say in how many there are.
void checkPolicy(const std::string& named) {
  const PolicyOptions given = parsePolicy(named), usual;
  if (given.limit != usual.limit || given.keyShare != usual.keyShare)
    throw UsageError("the policy \"" + named +
                     "\" gets as many keys as the fixed interval it is compared with: leave policy_limit and "
                     "key_share out");
}

/// Flow and propagation. One that carries the key's feature as it is needs no flow: "copy" by another name.
std::pair<std::string, std::string> carryingOf(const std::string& flow, const std::string& propagate) {
  const Propagator& p = findPropagator(propagate);
  if (p.usesFlow) return {flow, propagate};
  return {"copy", p.refreshes ? propagate : "causal"};
}

}  // namespace

bool SweepWay::adapts() const { return findPolicy(parsePolicy(policy).policy).score; }

PolicyOptions sweptPolicy(const SweepWay& way, int interval) {
  PolicyOptions usual;
  usual.minInterval = 1;
  usual.maxInterval = kLongestOfInterval * interval;
  return parsePolicy(way.policy, usual);
}

std::vector<SweepWay> waysOf(const SweepOptions& options) {
  std::vector<SweepWay> ways;
  for (const auto& policy : options.policies)
    for (const auto& flow : options.flows)
      for (const auto& propagate : options.propagations) {
        checkPolicy(policy);
        const auto [source, carries] = carryingOf(flow, propagate);
        const SweepWay way{source, carries, policy};
        if (std::find(ways.begin(), ways.end(), way) == ways.end()) ways.push_back(way);
      }
  return ways;
}

std::vector<int> intervalsOf(const SweepOptions& options) {
  std::set<int> intervals(options.intervals.begin(), options.intervals.end());
  if (!intervals.empty() && *intervals.begin() < 1)
    throw UsageError(text("the interval ", *intervals.begin(), " is below 1"));
  intervals.erase(1);  // per-frame inference is run anyway
  return {intervals.begin(), intervals.end()};
}

}  // namespace dff
