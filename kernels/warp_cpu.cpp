#include <ATen/Parallel.h>

#include "kernels/grain.h"
#include "kernels/warp_taps.h"

namespace dff::kernels {
namespace {

template <class T>
DFF_INLINE void blend(const Taps<Computed<T>>& taps, const T* image, const T* scale, T* __restrict out,
                      int64_t channels) {
  const Computed<T> w0 = taps.weight[0], w1 = taps.weight[1], w2 = taps.weight[2], w3 = taps.weight[3];
  for (int64_t first = 0; first < channels; first += kChunk) {
    const int64_t count = std::min(kChunk, channels - first);
    const T* a = channelsAt(image, taps.cell[0], channels, first);
    const T* b = channelsAt(image, taps.cell[1], channels, first);
    const T* c = channelsAt(image, taps.cell[2], channels, first);
    const T* d = channelsAt(image, taps.cell[3], channels, first);
    if (scale) {
      for (int64_t i = 0; i < count; ++i)
        narrow((w0 * widened(a[i]) + w1 * widened(b[i]) + w2 * widened(c[i]) + w3 * widened(d[i])) *
                   widened(scale[first + i]),
               out[first + i]);
    } else {
      for (int64_t i = 0; i < count; ++i)
        narrow(w0 * widened(a[i]) + w1 * widened(b[i]) + w2 * widened(c[i]) + w3 * widened(d[i]), out[first + i]);
    }
  }
}

template <class T>
DFF_INLINE void rowsNhwc(const WarpInput<T>& in, T* out, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; ++row) {
    const int64_t n = row / in.h, y = row % in.h;
    const T* image = in.feature + n * in.h * in.w * in.c;
    for (int64_t x = 0; x < in.w; ++x) {
      const int64_t at = (row * in.w + x) * in.c;
      blend<T>(tapsOf(in, n, y, x), image, in.scale ? in.scale + at : nullptr, out + at, in.c);
    }
  }
}

template <class T>
DFF_INLINE void rowsNchw(const WarpInput<T>& in, T* out, int64_t begin, int64_t end) {
  const int64_t area = in.h * in.w;
  TapBlock<Computed<T>> block;
  for (int64_t row = begin; row < end; ++row) {
    const int64_t n = row / in.h, y = row % in.h;
    for (int64_t x0 = 0; x0 < in.w; x0 += kBlock) {
      const int64_t count = std::min(kBlock, in.w - x0);
      fillBlock(in, n, y, x0, count, block);
      for (int64_t c = 0; c < in.c; ++c) {
        const int64_t plane = (n * in.c + c) * area, at = plane + y * in.w + x0;
        const T* from = in.feature + plane;
        T* __restrict to = out + at;
        if (in.scale) {
          for (int64_t i = 0; i < count; ++i) narrow(blendAt(block, from, i) * widened(in.scale[at + i]), to[i]);
        } else {
          for (int64_t i = 0; i < count; ++i) narrow(blendAt(block, from, i), to[i]);
        }
      }
    }
  }
}

DFF_SIMD void rows(const WarpInput<float>& in, float* out, int64_t begin, int64_t end) {
  in.channelsLast ? rowsNhwc(in, out, begin, end) : rowsNchw(in, out, begin, end);
}
DFF_SIMD void rows(const WarpInput<double>& in, double* out, int64_t begin, int64_t end) {
  in.channelsLast ? rowsNhwc(in, out, begin, end) : rowsNchw(in, out, begin, end);
}
DFF_SIMD void rows(const WarpInput<Bf16>& in, Bf16* out, int64_t begin, int64_t end) {
  in.channelsLast ? rowsNhwc(in, out, begin, end) : rowsNchw(in, out, begin, end);
}

}  // namespace

template <class T>
void warpCpu(const WarpInput<T>& in, T* out) {
  at::parallel_for(0, in.n * in.h, grainFor(in.w * in.c),
                   [&](int64_t begin, int64_t end) { rows(in, out, begin, end); });
}
template void warpCpu(const WarpInput<float>&, float*);
template void warpCpu(const WarpInput<double>&, double*);
template void warpCpu(const WarpInput<Bf16>&, Bf16*);

}  // namespace dff::kernels
