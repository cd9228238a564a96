#include <ATen/Parallel.h>

#include <algorithm>

#include "kernels/correlation_device.h"
#include "kernels/grain.h"
#include "kernels/simd.h"

namespace dff::kernels {
namespace {

/// The part of 0..size-1 that stays inside when shifted by delta.
struct Range {
  int64_t begin, end;
};
DFF_INLINE Range staysInside(int64_t delta, int64_t size) {
  return {std::max<int64_t>(0, -delta), std::min(size, size - delta)};
}

/// out[i] += sum over the displacements d of weight(d) * from(cell shifted by sign * d): the shape of both gradients.
/// NHWC: the loop over channels is the vector.
template <class T>
DFF_INLINE void gatherNhwc(const CorrelationInput<T>& in, const T* volume, const T* from, T* out, int64_t sign,
                           int64_t row) {
  const int64_t r = in.radius, n = row / in.h, y = row % in.h, c = in.c, depth = in.displacements();
  const T mean = T(1) / T(c);
  for (int64_t x = 0; x < in.w; ++x) {
    T* __restrict to = out + (row * in.w + x) * c;
    std::fill(to, to + c, T(0));
    for (int64_t d = 0; d < depth; ++d) {
      const int64_t dx = d % in.side() - r, dy = d / in.side() - r;
      const int64_t sx = x + sign * dx, sy = y + sign * dy;
      if (sx < 0 || sx >= in.w || sy < 0 || sy >= in.h) continue;
      const int64_t shifted = (n * in.h + sy) * in.w + sx;
      const T weight = mean * volume[(sign > 0 ? row * in.w + x : shifted) * depth + d];
      const T* source = from + shifted * c;
      for (int64_t i = 0; i < c; ++i) to[i] += weight * source[i];
    }
  }
}

/// NCHW: the loop over the cells of a row is the vector.
template <class T>
DFF_INLINE void gatherNchw(const CorrelationInput<T>& in, const T* volume, const T* from, T* out, int64_t sign,
                           int64_t row) {
  const int64_t r = in.radius, n = row / in.h, y = row % in.h, depth = in.displacements(), area = in.h * in.w;
  const T mean = T(1) / T(in.c);
  for (int64_t c = 0; c < in.c; ++c) {
    const T* plane = from + (n * in.c + c) * area;
    T* __restrict to = out + (n * in.c + c) * area + y * in.w;
    std::fill(to, to + in.w, T(0));
    for (int64_t d = 0; d < depth; ++d) {
      const int64_t dx = sign * (d % in.side() - r), sy = y + sign * (d / in.side() - r);
      if (sy < 0 || sy >= in.h) continue;
      const T* weight = volume + (n * depth + d) * area + (sign > 0 ? y * in.w : sy * in.w + dx);
      const T* source = plane + sy * in.w + dx;
      const Range xs = staysInside(dx, in.w);
      for (int64_t x = xs.begin; x < xs.end; ++x) to[x] += mean * weight[x] * source[x];
    }
  }
}

template <class T>
DFF_INLINE void volumeNhwc(const CorrelationInput<T>& in, T* out, int64_t row) {
  const int64_t r = in.radius, side = in.side(), n = row / in.h, y = row % in.h, c = in.c;
  const T mean = T(1) / T(c);
  for (int64_t x = 0; x < in.w; ++x) {
    const T* cur = in.cur + (row * in.w + x) * c;
    T* to = out + (row * in.w + x) * in.displacements();
    std::fill(to, to + in.displacements(), T(0));
    for (int64_t dy = std::max(-r, -y); dy <= std::min(r, in.h - 1 - y); ++dy) {
      const T* keyRow = in.key + ((n * in.h + y + dy) * in.w + x) * c;
      T* toRow = to + (dy + r) * side + r;
      for (int64_t dx = std::max(-r, -x); dx <= std::min(r, in.w - 1 - x); ++dx) {
        const T* key = keyRow + dx * c;
        T sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int64_t i = 0; i < c; ++i) sum += cur[i] * key[i];
        toRow[dx] = sum * mean;
      }
    }
  }
}

template <class T>
DFF_INLINE void volumeNchw(const CorrelationInput<T>& in, T* out, int64_t row) {
  const int64_t r = in.radius, n = row / in.h, y = row % in.h, area = in.h * in.w;
  const T mean = T(1) / T(in.c);
  for (int64_t d = 0; d < in.displacements(); ++d) {
    const int64_t dx = d % in.side() - r, sy = y + d / in.side() - r;
    T* __restrict to = out + (n * in.displacements() + d) * area + y * in.w;
    std::fill(to, to + in.w, T(0));
    if (sy < 0 || sy >= in.h) continue;
    const Range xs = staysInside(dx, in.w);
    for (int64_t c = 0; c < in.c; ++c) {
      const T* cur = in.cur + (n * in.c + c) * area + y * in.w;
      const T* key = in.key + (n * in.c + c) * area + sy * in.w + dx;
      for (int64_t x = xs.begin; x < xs.end; ++x) to[x] += cur[x] * key[x];
    }
    for (int64_t x = xs.begin; x < xs.end; ++x) to[x] *= mean;
  }
}

template <class T>
DFF_INLINE void volumeRows(const CorrelationInput<T>& in, T* out, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; ++row) in.channelsLast ? volumeNhwc(in, out, row) : volumeNchw(in, out, row);
}

/// One gradient: that of cur looks at key shifted by +d, that of key at cur shifted by -d.
template <class T>
struct Gather {
  const T* volume;
  const T* from;
  T* out;
  int64_t sign;
};

template <class T>
DFF_INLINE void gatherRows(const CorrelationInput<T>& in, const Gather<T>& g, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; ++row)
    in.channelsLast ? gatherNhwc(in, g.volume, g.from, g.out, g.sign, row)
                    : gatherNchw(in, g.volume, g.from, g.out, g.sign, row);
}

DFF_SIMD void volume(const CorrelationInput<float>& in, float* out, int64_t begin, int64_t end) {
  volumeRows(in, out, begin, end);
}
DFF_SIMD void volume(const CorrelationInput<double>& in, double* out, int64_t begin, int64_t end) {
  volumeRows(in, out, begin, end);
}
DFF_SIMD void gather(const CorrelationInput<float>& in, const Gather<float>& g, int64_t begin, int64_t end) {
  gatherRows(in, g, begin, end);
}
DFF_SIMD void gather(const CorrelationInput<double>& in, const Gather<double>& g, int64_t begin, int64_t end) {
  gatherRows(in, g, begin, end);
}

template <class T>
void gatherAll(const CorrelationInput<T>& in, const Gather<T>& g) {
  if (g.out)
    at::parallel_for(0, in.n * in.h, grainFor(in.w * in.c * in.displacements()),
                     [&](int64_t begin, int64_t end) { gather(in, g, begin, end); });
}

}  // namespace

template <class T>
void correlationCpu(const CorrelationInput<T>& in, T* out) {
  at::parallel_for(0, in.n * in.h, grainFor(in.w * in.c * in.displacements()),
                   [&](int64_t begin, int64_t end) { volume(in, out, begin, end); });
}
template void correlationCpu(const CorrelationInput<float>&, float*);
template void correlationCpu(const CorrelationInput<double>&, double*);

template <class T>
void correlationBackwardCpu(const CorrelationInput<T>& in, const CorrelationGradients<T>& grad) {
  gatherAll<T>(in, {grad.out, in.key, grad.cur, 1});
  gatherAll<T>(in, {grad.out, in.cur, grad.key, -1});
}
template void correlationBackwardCpu(const CorrelationInput<float>&, const CorrelationGradients<float>&);
template void correlationBackwardCpu(const CorrelationInput<double>&, const CorrelationGradients<double>&);

}  // namespace dff::kernels
