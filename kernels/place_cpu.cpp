#include <ATen/Parallel.h>

#include <cstring>

#include "kernels/grain.h"
#include "kernels/matrix_panel.h"
#include "kernels/place.h"

namespace dff::kernels {
namespace {

DFF_SIMD void cells(const Placing& p, const float* from, float* to, int64_t begin, int64_t end) {
  const int64_t whole = p.count / kPanelLanes * kPanelLanes;
  for (int64_t cell = begin; cell < end; ++cell) {
    const float* source = from + cell * p.fromChannels + p.skipped;
    float* target = to + cell * p.toChannels + p.offset;
    for (int64_t c = 0; c < whole; c += kPanelLanes) {
      Vector v;
      load(source + c, v);
      store(v, target + c);
    }
    for (int64_t c = whole; c < p.count; ++c) target[c] = source[c];
  }
}

/// A picture's three channels, of which there are many cells: no loop inside a cell.
DFF_SIMD void pictureCells(const Placing& p, const float* from, float* to, int64_t begin, int64_t end) {
  for (int64_t cell = begin; cell < end; ++cell)
    std::memcpy(to + cell * p.toChannels + p.offset, from + cell * p.fromChannels + p.skipped, 3 * sizeof(float));
}

DFF_SIMD void foldRows(const Folding& f, const float* from, float* to, int64_t begin, int64_t end) {
  const int64_t width = (f.w + 1) / 2;
  for (int64_t y = begin; y < end; ++y)
    for (int64_t x = 0; x < width; ++x)
      for (int64_t part = 0; part < 4; ++part) {
        const int64_t row = 2 * y + part / 2, column = 2 * x + part % 2;
        float* __restrict target = to + ((y * width + x) * 4 + part) * f.channels;
        const bool exists = row < f.h && column < f.w;
        const float* source = from + (row * f.w + column) * f.channels;
        for (int64_t c = 0; c < f.channels; ++c) target[c] = exists ? source[c] : 0;
      }
}

void spreadRows(const Folding& f, int64_t u, const float* from, float* to, int64_t begin, int64_t end) {
  for (int64_t y = begin; y < end; ++y)
    for (int64_t row = 0; row < u; ++row)
      for (int64_t x = 0; x < f.w; ++x)
        for (int64_t column = 0; column < u; ++column) {
          const float* source = from + (y * f.w + x) * f.channels * u * u + row * u + column;
          float* target = to + (((y * u + row) * f.w + x) * u + column) * f.channels;
          for (int64_t c = 0; c < f.channels; ++c) target[c] = source[c * u * u];
        }
}

DFF_SIMD void halveRows(const Folding& f, const float* from, float* to, int64_t begin, int64_t end) {
  const int64_t width = (f.w + 1) / 2, whole = f.w / 2;
  for (int64_t y = begin; y < end; ++y)
    for (int64_t c = 0; c < f.channels; ++c) {
      const float* above = from + (c * f.h + 2 * y) * f.w;
      const float* below = 2 * y + 1 < f.h ? above + f.w : above;  // the mean of a row with itself is that row
      float* __restrict target = to + y * width * f.channels + c;
      for (int64_t x = 0; x < whole; ++x)
        target[x * f.channels] = (above[2 * x] + above[2 * x + 1] + below[2 * x] + below[2 * x + 1]) / 4;
      if (whole < width) target[whole * f.channels] = (above[2 * whole] + below[2 * whole]) / 2;
    }
}

}  // namespace

void fold(const Folding& folding, const float* from, float* to) {
  at::parallel_for(0, (folding.h + 1) / 2, grainFor(folding.w * folding.channels * 2),
                   [&](int64_t begin, int64_t end) { foldRows(folding, from, to, begin, end); });
}

void halve(const Folding& folding, const float* from, float* to) {
  at::parallel_for(0, (folding.h + 1) / 2, grainFor(folding.w * folding.channels * 4),
                   [&](int64_t begin, int64_t end) { halveRows(folding, from, to, begin, end); });
}

void spreadCells(const Folding& folding, int64_t u, const float* from, float* to) {
  at::parallel_for(0, folding.h, grainFor(folding.w * folding.channels * u * u),
                   [&](int64_t begin, int64_t end) { spreadRows(folding, u, from, to, begin, end); });
}

void place(const Placing& placing, const float* from, float* to) {
  at::parallel_for(0, placing.cells, grainFor(placing.count), [&](int64_t begin, int64_t end) {
    if (placing.count == 3) return pictureCells(placing, from, to, begin, end);
    cells(placing, from, to, begin, end);
  });
}

}  // namespace dff::kernels
