#include <algorithm>

#include "core/schedule/policy_signals.h"

namespace dff {
namespace {
constexpr double kLargeFall = 0.25;  // of a mean margin that is 0.6 to 0.9 on a key frame
}  // namespace

/// How much less sure the model is of its classes than it was at the key.
double marginScore(PairSignals& pair) {
  return std::clamp(pair.sureness().marginFall(pair.cur().index, pair.key().index) / kLargeFall, 0.0, 1.0);
}

}  // namespace dff
