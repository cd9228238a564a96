#pragma once
#include <span>
#include <string>

#include "core/model/flow_estimate.h"

namespace dff {

/// One key as a frame near it sees it.
struct KeySide {
  at::Tensor feature;     ///< [1,C,h,w] of the key
  FlowEstimate estimate;  ///< of the frame to this key; empty where no motion is known
  at::Tensor trust;       ///< [1,1,h,w] of the estimate; undefined where nobody asked for it
  double nearness = 1;    ///< 1 - (frames to the key) / (frames from key to key)
};

/// What a frame gets from its keys.
struct Propagated {
  at::Tensor feature;           ///< [1,C,h,w]
  at::Tensor trust;             ///< [1,1,h,w], undefined where the sides have none
  at::Tensor shareOfNext = {};  ///< [1,1,h,w] weight of the next key, 0..1; undefined where one key alone was read
};

/// When a propagator reads the key that follows a frame.
enum class NextKey { Never, WhenNearer, Always };

/// A way to carry features from key frames to the others: one row of a table.
struct Propagator {
  const char* name;
  const char* help;
  bool usesFlow;
  NextKey next;
  /// `next` has no feature where the row does not read it or where there is none. Null where `refreshes`.
  Propagated (*run)(const KeySide& previous, const KeySide& next);
  /// Nothing of the feature travels as it is: the engine makes every frame's anew from the key's deep stages
  /// (core/model/two_stage_net.h).
  bool refreshes = false;

  /// Frames wait for the next key, and the last frame before an end or a cut is one.
  bool readsAhead() const { return next != NextKey::Never; }
  /// Trust weighs the sides, and keys can be blended with their neighbours.
  bool blends() const { return next == NextKey::Always; }
};

/// The propagator called `name`; throws UsageError naming the known ones.
const Propagator& findPropagator(const std::string& name);

/// "causal, two-sided, nearest, copy, ..."
std::string knownPropagators();

/// The same with what each is, one a line.
std::string helpOfPropagators();

/// The key's feature moved to the frame: warped along the flow, times the scale map; as it is where no motion is known.
at::Tensor moved(const KeySide& side);

/// The side with something else of its key in place of the feature: `map` [1,K,u h,u w], on a grid u times as fine. The
/// flow and its trust are enlarged to that grid, and beyond the border stands what is nearest; the scale map is the
/// feature's alone.
KeySide carrying(const KeySide& side, const at::Tensor& map);

/// A key's own feature blended with those of its neighbour keys moved to it, weights 1 and each neighbour's trust.
at::Tensor aggregated(const at::Tensor& feature, std::span<const KeySide> neighbours);

}  // namespace dff
