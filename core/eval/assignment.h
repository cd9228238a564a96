#pragma once
#include <vector>

namespace dff {

/// Pairs rows with columns so that the sum of their values, all at least 0, is largest (Hungarian method, Kuhn 1955);
/// the columns by row, -1 where a row has none or its pair is worth 0. Every row has `columns` values.
std::vector<int> bestAssignment(const std::vector<std::vector<double>>& values, int columns);

}  // namespace dff
