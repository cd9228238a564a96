#include <ATen/Parallel.h>

#include <algorithm>

#include "kernels/deconvolution.h"
#include "kernels/grain.h"
#include "kernels/simd.h"

namespace dff::kernels {
namespace {

/// The inputs that reach an output cell along one side, two at most, and by which taps.
struct Reach {
  int64_t input[2], tap[2];
  int64_t count = 0;
};

DFF_INLINE Reach reachOf(int64_t output, int64_t inputs) {
  Reach reach;
  for (int64_t tap = (output + 1) % 2; tap < 4; tap += 2) {
    const int64_t input = (output + 1 - tap) / 2;
    if (output + 1 - tap < 0 || input >= inputs) continue;
    reach.input[reach.count] = input;
    reach.tap[reach.count++] = tap;
  }
  return reach;
}

DFF_SIMD void rows(const DeconvolutionShape& s, const float* products, const float* bias, float slope, float* result,
                   int64_t begin, int64_t end) {
  for (int64_t y = begin; y < end; ++y) {
    const Reach down = reachOf(y, s.h);
    for (int64_t x = 0; x < s.outW; ++x) {
      const Reach across = reachOf(x, s.w);
      float* __restrict to = result + (y * s.outW + x) * s.channels;
      std::copy(bias, bias + s.channels, to);
      for (int64_t i = 0; i < down.count; ++i)
        for (int64_t j = 0; j < across.count; ++j) {
          const float* from =
              products + ((down.input[i] * s.w + across.input[j]) * 16 + 4 * down.tap[i] + across.tap[j]) * s.channels;
          for (int64_t c = 0; c < s.channels; ++c) to[c] += from[c];
        }
      for (int64_t c = 0; c < s.channels; ++c) to[c] = to[c] < 0 ? slope * to[c] : to[c];
    }
  }
}

}  // namespace

void gatherDeconvolution(const DeconvolutionShape& shape, const float* products, const float* bias, float slope,
                         float* result) {
  at::parallel_for(0, shape.outH, grainFor(shape.outW * shape.channels * 4),
                   [&](int64_t begin, int64_t end) { rows(shape, products, bias, slope, result, begin, end); });
}

}  // namespace dff::kernels
