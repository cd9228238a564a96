#include <ATen/Parallel.h>

#include <cstring>
#include <type_traits>

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

/// Two neighbours of 16 bits are one of 32: so both become floats, and come back, within their lane.
struct Pair {
  uint32_t bits;

  DFF_INLINE float low() const { return asFloat(bits << 16); }
  DFF_INLINE float high() const { return asFloat(bits & 0xffff0000u); }
  DFF_INLINE static float asFloat(uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
};

DFF_INLINE Pair pairAt(const Bf16* at, int64_t i) {
  Pair pair;
  std::memcpy(&pair, at + 2 * i, sizeof pair);
  return pair;
}

/// blend() for an even number of channels of 16 bits.
DFF_INLINE void blendPairs(const Taps<float>& taps, const Bf16* image, const Bf16* scale, Bf16* __restrict out,
                           int64_t channels) {
  const float w0 = taps.weight[0], w1 = taps.weight[1], w2 = taps.weight[2], w3 = taps.weight[3];
  for (int64_t first = 0; first < channels; first += kChunk) {
    const int64_t count = std::min(kChunk, channels - first) / 2;
    const Bf16* a = channelsAt(image, taps.cell[0], channels, first);
    const Bf16* b = channelsAt(image, taps.cell[1], channels, first);
    const Bf16* c = channelsAt(image, taps.cell[2], channels, first);
    const Bf16* d = channelsAt(image, taps.cell[3], channels, first);
    Bf16* __restrict to = out + first;
#pragma GCC ivdep
    for (int64_t i = 0; i < count; ++i) {
      const Pair pa = pairAt(a, i), pb = pairAt(b, i), pc = pairAt(c, i), pd = pairAt(d, i);
      const Pair s = scale ? pairAt(scale + first, i) : Pair{0x3f803f80u};  // ones
      const float low = (w0 * pa.low() + w1 * pb.low() + w2 * pc.low() + w3 * pd.low()) * s.low();
      const float high = (w0 * pa.high() + w1 * pb.high() + w2 * pc.high() + w3 * pd.high()) * s.high();
      const uint32_t both = (roundedToBf16(low) >> 16) | (roundedToBf16(high) & 0xffff0000u);
      std::memcpy(to + 2 * i, &both, sizeof both);
    }
  }
}

/// Eight neighbouring channels, from `first` on, as one value.
DFF_INLINE void blendEight(const Taps<float>& taps, const float* image, const float* scale, float* __restrict out,
                           int64_t channels, int64_t first) {
  typedef float Eight __attribute__((vector_size(8 * sizeof(float))));
  Eight sum = {}, value;
  for (int k = 0; k < 4; ++k) {
    std::memcpy(&value, channelsAt(image, taps.cell[k], channels, first), sizeof value);
    sum = k == 0 ? taps.weight[0] * value : sum + taps.weight[k] * value;
  }
  if (scale) {
    std::memcpy(&value, scale + first, sizeof value);
    sum *= value;
  }
  std::memcpy(out + first, &sum, sizeof sum);
}

template <class T>
DFF_INLINE void blendCell(const Taps<Computed<T>>& taps, const T* image, const T* scale, T* __restrict out,
                          int64_t channels) {
  if constexpr (std::is_same_v<T, Bf16>) {
    if (channels % 2 == 0) return blendPairs(taps, image, scale, out, channels);
  } else if constexpr (std::is_same_v<T, float>) {
    if (channels >= 8 && channels < 16) {  // as logits have: two that overlap instead of one and single channels
      blendEight(taps, image, scale, out, channels, 0);
      return blendEight(taps, image, scale, out, channels, channels - 8);
    }
  }
  blend(taps, image, scale, out, channels);
}

template <class T>
DFF_INLINE void rowsNhwc(const WarpInput<T>& in, T* out, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; ++row) {
    const int64_t n = row / in.h, y = row % in.h;
    const T* image = in.feature + n * in.h * in.w * in.c;
    for (int64_t x = 0; x < in.w; ++x) {
      const int64_t at = (row * in.w + x) * in.c;
      blendCell<T>(tapsOf(in, n, y, x), image, in.scale ? in.scale + at : nullptr, out + at, in.c);
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
