#pragma once
#include <string>
#include <utility>
#include <vector>

#include "core/eval/sweep.h"
#include "core/schedule/key_policy.h"

namespace dff {

/// A flow source with a propagation that goes with it, and where its keys are put, as in SweepOptions.
struct SweepWay {
  std::string flow, propagate, policy;
  auto operator<=>(const SweepWay&) const = default;
  /// Whether keys stand elsewhere than on the grid.
  bool adapts() const;
  std::pair<std::string, std::string> carrying() const { return {flow, propagate}; }
};

/// Every way of the options once. Throws UsageError for an unknown policy or propagation, or a policy that is told how
/// many keys to put: it gets as many as the fixed interval has.
std::vector<SweepWay> waysOf(const SweepOptions& options);

/// The intervals above 1, rising; interval 1 is per-frame inference, which is run anyway. Throws UsageError below 1.
std::vector<int> intervalsOf(const SweepOptions& options);

/// What a policy goes by at this interval, but for its share of keys.
PolicyOptions sweptPolicy(const SweepWay& way, int interval);

}  // namespace dff
