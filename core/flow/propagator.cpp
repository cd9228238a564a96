#include "core/flow/propagator.h"

#include <ATen/Tensor.h>

#include "core/base/registry.h"
#include "kernels/warp.h"

namespace dff {
namespace {

/// The paper's: warped along the flow, times the scale map; as it is where the source knows no motion.
at::Tensor causal(const at::Tensor& keyFeature, const FlowEstimate& estimate) {
  if (!estimate.keyFromCur.defined()) return keyFeature;
  return kernels::warp(keyFeature, estimate.keyFromCur, estimate.scale);
}

constexpr Kind<Propagate> kPropagators[] = {
    {"causal", "the paper's: from the previous key frame, warped along the flow, times the scale map", causal},
};

}  // namespace

std::string knownPropagators() { return knownNames(kPropagators); }

Propagate findPropagator(const std::string& name) { return findKind(kPropagators, name, "propagation").make; }

}  // namespace dff
