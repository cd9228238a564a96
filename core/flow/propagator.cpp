#include "core/flow/propagator.h"

#include <torch/torch.h>

#include "core/base/registry.h"
#include "kernels/enlarge_flow.h"
#include "kernels/warp.h"

namespace dff {
namespace {

Propagated copy(const KeySide& previous, const KeySide&) { return {previous.feature, {}}; }

Propagated causal(const KeySide& previous, const KeySide&) { return {moved(previous), previous.trust}; }

Propagated nearest(const KeySide& previous, const KeySide& next) {
  return causal(next.feature.defined() ? next : previous, {});
}

/// (w_p F_p + w_n F_n) / (w_p + w_n) with w = trust * nearness, as a step from one side towards the other.
Propagated twoSided(const KeySide& previous, const KeySide& next) {
  if (!next.feature.defined()) return causal(previous, {});
  const auto ofPrevious = previous.trust * previous.nearness, ofNext = next.trust * next.nearness;
  const auto towardsNext = ofNext / (ofPrevious + ofNext);
  return {torch::lerp(moved(previous), moved(next), towardsNext), torch::lerp(previous.trust, next.trust, towardsNext),
          towardsNext};
}

constexpr Propagator kPropagators[] = {
    {"causal", "the paper's: from the previous key frame, warped along the flow, times the scale map", true,
     NextKey::Never, causal},
    {"two-sided", "from the keys before and after, each as the flow is trusted and the key is near", true,
     NextKey::Always, twoSided},
    {"nearest", "as causal, from whichever of the keys before and after is nearer", true, NextKey::WhenNearer, nearest},
    {"copy", "the previous key's feature as it is", false, NextKey::Never, copy},
    {"clockwork", "the previous key's deep stages as they are, those before the skip afresh (Shelhamer et al. 2016)",
     false, NextKey::Never, nullptr, true},
};

}  // namespace

std::string knownPropagators() { return knownNames(kPropagators); }
std::string helpOfPropagators() { return helpLines(kPropagators); }

const Propagator& findPropagator(const std::string& name) { return findKind(kPropagators, name, "propagation"); }

at::Tensor moved(const KeySide& side) {
  if (!side.estimate.keyFromCur.defined()) return side.feature;
  return kernels::warp(side.feature, side.estimate.keyFromCur, side.estimate.scale);
}

KeySide carrying(const KeySide& side, const at::Tensor& map) {
  KeySide finer{map, {}, {}, side.nearness};
  if (side.trust.defined())
    finer.trust = at::upsample_bilinear2d(side.trust, {map.size(2), map.size(3)}, /*align_corners=*/false);
  // Led to the border: nothing of a feature still has its head's bias, nothing of logits would be an answer.
  if (const auto& flow = side.estimate.finest(); flow.defined())
    finer.estimate.keyFromCur = kernels::enlargeFlow(flow, map.size(2), map.size(3));
  return finer;
}

at::Tensor aggregated(const at::Tensor& feature, std::span<const KeySide> neighbours) {
  auto sum = feature, weight = torch::ones({1, 1, feature.size(2), feature.size(3)});
  for (const auto& side : neighbours) {
    sum = torch::addcmul(sum, moved(side), side.trust);
    weight = weight + side.trust;
  }
  return sum / weight;
}

}  // namespace dff
