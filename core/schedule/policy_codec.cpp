#include <algorithm>

#include "core/schedule/policy_signals.h"

namespace dff {

/// What the encoder could not take from other frames: everything on a frame coded by itself, else the shares of the
/// frames since the key added up.
double codecScore(PairSignals& pair) { return pair.cur().codedByItself ? 1 : std::min(1.0, pair.intraSum()); }

}  // namespace dff
