#include <ATen/Parallel.h>

#include <algorithm>

#include "kernels/enlarge_flow_device.h"
#include "kernels/grain.h"
#include "kernels/scratch.h"

namespace dff::kernels {
namespace {

/// Between which two cells of the coarse grid a cell of the fine one lies, and how near the second.
struct Place {
  int32_t first, second;
  float toSecond;
};

DFF_INLINE Place placeOf(int64_t fine, int64_t fineCells, int64_t cells) {
  const float step = float(cells) / float(fineCells);
  const float at = std::max(0.f, (float(fine) + 0.5f) * step - 0.5f);
  const int32_t first = std::min(int32_t(at), int32_t(cells - 1));
  return {first, std::min(first + 1, int32_t(cells - 1)), at - float(first)};
}

/// What is not a number stays none: neither comparison holds.
DFF_INLINE float clamped(float value, float largest) {
  const float atLeast = value < 0 ? 0 : value;
  return atLeast > largest ? largest : atLeast;
}

DFF_SIMD void rows(const EnlargeFlowInput& in, const Place* columns, float* between, float* out, int64_t begin,
                   int64_t end) {
  for (int64_t y = begin; y < end; ++y) {
    const Place row = placeOf(y, in.height, in.h);
    for (int64_t channel = 0; channel < 2; ++channel) {
      const float* flow = in.flow.data + channel * in.flow.strideC;
      for (int64_t x = 0; x < in.w; ++x) {
        const float above = flow[in.flow.offset(0, row.first, x)], below = flow[in.flow.offset(0, row.second, x)];
        between[x] = above * (1 - row.toSecond) + below * row.toSecond;
      }
      const float gain = channel == 0 ? float(in.width) / float(in.w) : float(in.height) / float(in.h);
      const float largest = float((channel == 0 ? in.width : in.height) - 1);
      float* to = out + (channel * in.height + y) * in.width;
      for (int64_t x = 0; x < in.width; ++x) {
        const Place& p = columns[x];
        const float at = float(channel == 0 ? x : y);
        const float moved = gain * (between[p.first] * (1 - p.toSecond) + between[p.second] * p.toSecond);
        to[x] = clamped(at + moved, largest) - at;
      }
    }
  }
}

}  // namespace

void enlargeFlowCpu(const EnlargeFlowInput& in, float* out) {
  struct Columns {};
  Place* columns = scratch<Place, Columns>(size_t(in.width));
  for (int64_t x = 0; x < in.width; ++x) columns[x] = placeOf(x, in.width, in.w);
  at::parallel_for(0, in.height, grainFor(in.width * 16), [&](int64_t begin, int64_t end) {
    struct Between {};
    rows(in, columns, scratch<float, Between>(size_t(in.w)), out, begin, end);
  });
}

}  // namespace dff::kernels
