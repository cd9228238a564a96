#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace dff::ui {

/// Stands for the keys that a policy placed, which are at no interval.
inline constexpr int kPlanned = 0;

/// Share of pixels that have the class of per-frame inference, sampled at several key-frame intervals.
class Agreement {
 public:
  /// A frame of the run at `interval`; `isKey`: a key frame of it, which need not agree where keys are blended.
  void add(int64_t frame, int interval, bool isKey, double share);
  bool has(int64_t frame, int interval) const;
  void clear() { *this = {}; }

  /// Mean over the frames of an interval; between two that were sampled, the line from one to the other. nullopt beyond
  /// the largest that was. At interval 1 it is per-frame inference itself.
  std::optional<double> atInterval(int interval) const;
  /// Of keys that a policy placed, sampled as the interval kPlanned; `keyShare`: of the frames. nullopt: not sampled
  /// yet.
  std::optional<double> ofPlan(double keyShare) const;
  void clearPlan() { byInterval_.erase(kPlanned); }
  /// atInterval() at every interval from 1 that is known, for a curve.
  std::vector<std::pair<int, double>> curve(int maxInterval) const;
  int64_t samples() const;
  /// Samples at an interval, of key frames or of the others.
  int64_t count(int interval, bool ofKeys) const;

 private:
  struct Mean {
    double sum = 0;
    int64_t count = 0;
    double value() const { return count ? sum / double(count) : 1; }
  };
  struct Sampled {
    Mean keys, others;
    std::set<int64_t> frames;
  };
  std::map<int, Sampled> byInterval_;
};

/// The intervals that are sampled besides the chosen one: close together where the curve bends.
inline constexpr int kSampledIntervals[] = {2, 3, 5, 8, 10, 15, 20, 25, 30};

}  // namespace dff::ui
