#include <algorithm>

#include "core/schedule/policy_signals.h"

namespace dff {
namespace {
// What is propagated stays sure of itself: with the street model the mean margin falls by 0.01 to 0.02 in twenty frames
// on an average, and seldom by 0.05.
constexpr double kLargeFall = 0.05;
}  // namespace

/// How much less sure the model is of its classes than it was at the key.
double marginScore(PairSignals& pair) {
  return std::clamp(pair.sureness().marginFall(pair.cur().index, pair.key().index) / kLargeFall, 0.0, 1.0);
}

}  // namespace dff
