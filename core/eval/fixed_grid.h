#pragma once
#include <algorithm>
#include <vector>

#include "core/schedule/key_plan.h"

namespace dff {

/// Where the fixed interval begins when a policy is compared with it: a grid's luck lies in where it begins, so it is
/// run from several offsets and the mean is taken over those with the commonest number of keys.
inline std::vector<int> gridOffsets(int interval) {
  constexpr int kMost = 5;
  const int count = std::min(interval, kMost);
  std::vector<int> offsets;
  for (int i = 0; i < count; ++i) offsets.push_back(i * interval / count);
  return offsets;
}

/// Keys at the first frame of a run, `offset` frames after it, and so on every `interval`; and after cuts.
inline KeyPlanOptions gridFrom(int64_t first, int interval, int offset) {
  return {interval, first + offset - interval, true};
}

}  // namespace dff
