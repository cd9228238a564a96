#include <ATen/Parallel.h>

#include "kernels/grain.h"
#include "kernels/matrix_panel.h"
#include "kernels/place.h"

namespace dff::kernels {
namespace {

DFF_SIMD void cells(const Placing& p, const float* from, float* to, int64_t begin, int64_t end) {
  const int64_t whole = p.count / kPanelLanes * kPanelLanes;
  for (int64_t cell = begin; cell < end; ++cell) {
    const float* source = from + cell * p.fromChannels;
    float* target = to + cell * p.toChannels + p.offset;
    for (int64_t c = 0; c < whole; c += kPanelLanes) {
      Vector v;
      load(source + c, v);
      store(v, target + c);
    }
    for (int64_t c = whole; c < p.count; ++c) target[c] = source[c];
  }
}

}  // namespace

void place(const Placing& placing, const float* from, float* to) {
  at::parallel_for(0, placing.cells, grainFor(placing.count),
                   [&](int64_t begin, int64_t end) { cells(placing, from, to, begin, end); });
}

}  // namespace dff::kernels
