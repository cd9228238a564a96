#pragma once
#include <string>
#include <vector>

#include "core/base/registry.h"

namespace dff {

/// What a tensor of ours ("feature.stage1.0.reduce.conv.weight") may be called in another program's files, the name
/// that is preferred first; empty: it is not there.
using ForeignNames = std::vector<std::string> (*)(const std::string& ours);

/// A naming scheme: one row of a table, one function each.
struct NameMap : Kind<ForeignNames> {
  /// Whether its bottlenecks have their stride on the 3x3 convolution, unlike the paper's.
  bool strideAtSpatial;
};

/// The scheme that gives the most of `ours` a name in `theirs`.
const NameMap& bestNameMap(const std::vector<std::string>& ours, const std::vector<std::string>& theirs);

std::vector<std::string> mxnetNames(const std::string& ours);
std::vector<std::string> torchvisionNames(const std::string& ours);
std::vector<std::string> ownNames(const std::string& ours);

}  // namespace dff
