#pragma once
#include <cstdint>

namespace dff::kernels {

/// Maps [cells,fromChannels] -> [cells,toChannels]: the first `count` channels become those from `offset` on.
struct Placing {
  int64_t cells = 0, fromChannels = 0, count = 0, toChannels = 0, offset = 0;
};

void place(const Placing& placing, const float* from, float* to);

}  // namespace dff::kernels
