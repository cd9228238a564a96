#pragma once
#include <string>

#include "core/model/flow_estimate.h"

namespace dff {

/// Carries the key frame's feature [1,C,h,w] to the current frame.
using Propagate = at::Tensor (*)(const at::Tensor& keyFeature, const FlowEstimate& estimate);

/// The propagator called `name`; throws UsageError naming the known ones.
Propagate findPropagator(const std::string& name);

/// "causal"
std::string knownPropagators();

}  // namespace dff
