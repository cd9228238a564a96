#pragma once
#include <algorithm>
#include <cstdint>
#include <set>

namespace dff::ui {

/// Which key frame serves a frame, at any place of the clip: every `interval`-th from the in-point, those after a scene
/// cut and those that were pinned. The same keys that KeyPlan decides on while running through.
struct KeySchedule {
  int interval = 10;
  int64_t inPoint = 0;
  std::set<int64_t> cuts;
  std::set<int64_t> pins;

  /// The last key frame at or before `index`.
  int64_t keyOf(int64_t index) const {
    const int64_t past = ((index - inPoint) % interval + interval) % interval;
    int64_t key = std::max<int64_t>(0, index - past);
    for (const auto* extra : {&cuts, &pins}) {
      const auto after = extra->upper_bound(index);
      if (after != extra->begin()) key = std::max(key, *std::prev(after));
    }
    return key;
  }

  /// The first key frame after `index`.
  int64_t keyAfter(int64_t index) const {
    const int64_t past = ((index - inPoint) % interval + interval) % interval;
    int64_t key = index - past + interval;
    for (const auto* extra : {&cuts, &pins}) {
      const auto after = extra->upper_bound(index);
      if (after != extra->end()) key = std::min(key, *after);
    }
    return key;
  }

  bool isKey(int64_t index) const { return keyOf(index) == index; }
  bool operator==(const KeySchedule&) const = default;
};

}  // namespace dff::ui
