#include <ATen/Parallel.h>

#include "kernels/grain.h"
#include "kernels/warp_taps.h"

namespace dff::kernels {
namespace {

constexpr int64_t kLine = 16;  // channels are handed to threads in whole cache lines

/// Gradients of one cell to its scale (null: not asked for) and to its flow.
template <class T>
DFF_INLINE void gatherCell(const Taps<T>& taps, const T* image, const T* scale, const T* __restrict gradOut,
                           T* __restrict gradScale, int64_t channels, T gradFlow[2]) {
  const T w0 = taps.weight[0], w1 = taps.weight[1], w2 = taps.weight[2], w3 = taps.weight[3];
  T gx = 0, gy = 0;
  for (int64_t first = 0; first < channels; first += kChunk) {
    const int64_t count = std::min(kChunk, channels - first);
    const T* a = channelsAt(image, taps.cell[0], channels, first);
    const T* b = channelsAt(image, taps.cell[1], channels, first);
    const T* c = channelsAt(image, taps.cell[2], channels, first);
    const T* d = channelsAt(image, taps.cell[3], channels, first);
    const T* g = gradOut + first;
#pragma omp simd reduction(+ : gx, gy)
    for (int64_t i = 0; i < count; ++i) {
      const T gs = scale ? g[i] * scale[first + i] : g[i];
      gx += gs * ((1 - taps.fy) * (b[i] - a[i]) + taps.fy * (d[i] - c[i]));
      gy += gs * ((1 - taps.fx) * (c[i] - a[i]) + taps.fx * (d[i] - b[i]));
    }
    if (!gradScale) continue;
    for (int64_t i = 0; i < count; ++i) gradScale[first + i] = g[i] * (w0 * a[i] + w1 * b[i] + w2 * c[i] + w3 * d[i]);
  }
  gradFlow[0] = gx;
  gradFlow[1] = gy;
}

template <class T>
DFF_INLINE void gatherNhwc(const WarpInput<T>& in, const WarpGradients<T>& grad, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; ++row) {
    const int64_t n = row / in.h, y = row % in.h;
    const T* image = in.feature + n * in.h * in.w * in.c;
    for (int64_t x = 0; x < in.w; ++x) {
      const int64_t at = (row * in.w + x) * in.c;
      T flow[2];
      gatherCell<T>(tapsOf(in, n, y, x), image, in.scale ? in.scale + at : nullptr, grad.out + at,
                    grad.scale ? grad.scale + at : nullptr, in.c, flow);
      if (!grad.flow.data) continue;
      T* to = grad.flow.data + grad.flow.offset(n, y, x);
      to[0] = flow[0];
      to[grad.flow.strideC] = flow[1];
    }
  }
}

/// Adds one image's gradient to channels [c0, c1) of the feature.
template <class T>
DFF_INLINE void scatterNhwc(const WarpInput<T>& in, const WarpGradients<T>& grad, int64_t n, int64_t c0, int64_t c1) {
  for (int64_t cell = 0; cell < in.h * in.w; ++cell) {
    const Taps<T> taps = tapsOf(in, n, cell / in.w, cell % in.w);
    const int64_t at = (n * in.h * in.w + cell) * in.c;
    for (int k = 0; k < 4; ++k) {
      if (taps.cell[k] < 0) continue;
      const T weight = taps.weight[k];
      T* __restrict to = grad.feature + (n * in.h * in.w + taps.cell[k]) * in.c;
      const T* g = grad.out + at;
      const T* s = in.scale ? in.scale + at : nullptr;
      if (s) {
        for (int64_t i = c0; i < c1; ++i) to[i] += weight * (g[i] * s[i]);
      } else {
        for (int64_t i = c0; i < c1; ++i) to[i] += weight * g[i];
      }
    }
  }
}

/// One plane's share in the gradients of a block of cells.
template <class T>
DFF_INLINE void gatherBlock(const TapBlock<T>& block, const T* from, const T* g, const T* scale,
                            T* __restrict gradScale, int64_t count, T* __restrict gx, T* __restrict gy) {
  for (int64_t i = 0; i < count; ++i) {
    const T a = tap(block, from, 0, i), b = tap(block, from, 1, i);
    const T c = tap(block, from, 2, i), d = tap(block, from, 3, i);
    const T gs = scale ? g[i] * scale[i] : g[i];
    gx[i] += gs * ((1 - block.fy[i]) * (b - a) + block.fy[i] * (d - c));
    gy[i] += gs * ((1 - block.fx[i]) * (c - a) + block.fx[i] * (d - b));
  }
  if (!gradScale) return;
  for (int64_t i = 0; i < count; ++i) gradScale[i] = g[i] * blendAt(block, from, i);
}

template <class T>
DFF_INLINE void gatherNchw(const WarpInput<T>& in, const WarpGradients<T>& grad, int64_t begin, int64_t end) {
  const int64_t area = in.h * in.w;
  TapBlock<T> block;
  for (int64_t row = begin; row < end; ++row) {
    const int64_t n = row / in.h, y = row % in.h;
    for (int64_t x0 = 0; x0 < in.w; x0 += kBlock) {
      const int64_t count = std::min(kBlock, in.w - x0);
      T gx[kBlock] = {}, gy[kBlock] = {};
      fillBlock(in, n, y, x0, count, block);
      for (int64_t c = 0; c < in.c; ++c) {
        const int64_t plane = (n * in.c + c) * area, at = plane + y * in.w + x0;
        gatherBlock<T>(block, in.feature + plane, grad.out + at, in.scale ? in.scale + at : nullptr,
                       grad.scale ? grad.scale + at : nullptr, count, gx, gy);
      }
      if (!grad.flow.data) continue;
      for (int64_t i = 0; i < count; ++i) {
        T* to = grad.flow.data + grad.flow.offset(n, y, x0 + i);
        to[0] = gx[i];
        to[grad.flow.strideC] = gy[i];
      }
    }
  }
}

template <class T>
DFF_INLINE void scatterNchw(const WarpInput<T>& in, const WarpGradients<T>& grad, int64_t n, int64_t c0, int64_t c1) {
  const int64_t area = in.h * in.w;
  TapBlock<T> block;
  for (int64_t first = 0; first < area; first += block.count) {
    const int64_t y = first / in.w, x0 = first % in.w;
    fillBlock(in, n, y, x0, std::min(kBlock, in.w - x0), block);
    for (int64_t c = c0; c < c1; ++c) {
      const int64_t plane = (n * in.c + c) * area, at = plane + first;
      T* to = grad.feature + plane;
      for (int64_t i = 0; i < block.count; ++i) {
        const T g = in.scale ? grad.out[at + i] * in.scale[at + i] : grad.out[at + i];
        for (int k = 0; k < 4; ++k) to[block.cell[k][i]] += block.inside[k][i] != 0 ? block.weight[k][i] * g : T(0);
      }
    }
  }
}

template <class T>
DFF_INLINE void gatherRows(const WarpInput<T>& in, const WarpGradients<T>& grad, int64_t begin, int64_t end) {
  in.channelsLast ? gatherNhwc(in, grad, begin, end) : gatherNchw(in, grad, begin, end);
}

/// Items count through the lines of channels of the first image, then of the next.
template <class T>
DFF_INLINE void scatterLines(const WarpInput<T>& in, const WarpGradients<T>& grad, int64_t begin, int64_t end) {
  const int64_t lines = (in.c + kLine - 1) / kLine;
  while (begin < end) {
    const int64_t n = begin / lines, line = begin % lines, count = std::min(end - begin, lines - line);
    const int64_t c0 = line * kLine, c1 = std::min(in.c, c0 + count * kLine);
    in.channelsLast ? scatterNhwc(in, grad, n, c0, c1) : scatterNchw(in, grad, n, c0, c1);
    begin += count;
  }
}

using F = float;
using D = double;
DFF_SIMD void gather(const WarpInput<F>& in, const WarpGradients<F>& grad, int64_t begin, int64_t end) {
  gatherRows(in, grad, begin, end);
}
DFF_SIMD void gather(const WarpInput<D>& in, const WarpGradients<D>& grad, int64_t begin, int64_t end) {
  gatherRows(in, grad, begin, end);
}
DFF_SIMD void scatter(const WarpInput<F>& in, const WarpGradients<F>& grad, int64_t begin, int64_t end) {
  scatterLines(in, grad, begin, end);
}
DFF_SIMD void scatter(const WarpInput<D>& in, const WarpGradients<D>& grad, int64_t begin, int64_t end) {
  scatterLines(in, grad, begin, end);
}

}  // namespace

// Every sum has one order whatever the number of threads: a thread owns cells of the flow and the scale, channels of
// the feature.
template <class T>
void warpBackwardCpu(const WarpInput<T>& in, const WarpGradients<T>& grad) {
  if (grad.scale || grad.flow.data)
    at::parallel_for(0, in.n * in.h, grainFor(in.w * in.c),
                     [&](int64_t begin, int64_t end) { gather(in, grad, begin, end); });
  const int64_t lines = (in.c + kLine - 1) / kLine;
  if (grad.feature)
    at::parallel_for(0, in.n * lines, grainFor(in.h * in.w * kLine),
                     [&](int64_t begin, int64_t end) { scatter(in, grad, begin, end); });
}
template void warpBackwardCpu(const WarpInput<float>&, const WarpGradients<float>&);
template void warpBackwardCpu(const WarpInput<double>&, const WarpGradients<double>&);

}  // namespace dff::kernels
