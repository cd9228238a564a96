#pragma once
#include <map>
#include <string>

#include "core/model/fused_graph.h"

namespace dff {

/// The largest magnitude to be told apart of what each named step makes; beyond it values are cut off.
using ActivationRanges = std::map<std::string, float>;

/// The same network with its convolutions in 8 bits: those that read a map whose range is known, that is all but the
/// first and what reads a mean. Maps lie in 8 bits from convolution to convolution, and in float32 where another kind
/// of step reads them and where they leave the network. Throws Error where the ranges are not those of this network.
FusedGraph inEightBits(const FusedGraph& graph, const ActivationRanges& ranges);

}  // namespace dff
