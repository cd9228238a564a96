#pragma once
#include <algorithm>
#include <cstdint>

namespace dff::kernels {

/// How many items of so many operations each are worth a thread of their own.
inline int64_t grainFor(int64_t operationsPerItem) {
  constexpr int64_t kWorthAThread = 1 << 14;
  return std::max<int64_t>(1, kWorthAThread / std::max<int64_t>(1, operationsPerItem));
}

}  // namespace dff::kernels
