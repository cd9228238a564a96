#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace dff::ui {

/// Share of pixels on which propagated and per-frame labels agree, sampled by distance from the key frame.
class Agreement {
 public:
  void add(int64_t frame, int distance, double share);
  bool has(int64_t frame, int distance) const { return done_.count({frame, distance}) > 0; }
  void clear() { *this = {}; }

  /// Mean over the frames of an interval: distances 0 .. interval-1, those without a sample taken from their
  /// neighbours. nullopt while the farthest distance lies beyond what was sampled.
  std::optional<double> atInterval(int interval) const;
  /// atInterval() at every interval from 1 that is known, for a curve.
  std::vector<std::pair<int, double>> curve(int maxInterval) const;
  int64_t samples() const { return int64_t(done_.size()); }
  int64_t count(int distance) const {
    const auto found = byDistance_.find(distance);
    return found == byDistance_.end() ? 0 : found->second.count;
  }

 private:
  double atDistance(int distance) const;

  struct Mean {
    double sum = 0;
    int64_t count = 0;
    double value() const { return sum / double(count); }
  };
  std::map<int, Mean> byDistance_;
  std::set<std::pair<int64_t, int>> done_;
};

/// The distances that are sampled: close together where the curve bends.
inline constexpr int kSampledDistances[] = {1, 2, 3, 4, 6, 9, 12, 15, 19, 24, 29};

}  // namespace dff::ui
