#include "core/schedule/key_plan.h"
#include "core/schedule/policy_signals.h"

namespace dff {

/// Distance of the colour histograms: how much of the picture has other colours than the key.
double sceneCutScore(PairSignals& pair) {
  return histogramDistance(pair.cur().print.histogram, pair.key().print.histogram);
}

}  // namespace dff
