#include <ATen/Parallel.h>

#include "kernels/grain.h"
#include "kernels/psroi_pool_device.h"

namespace dff::kernels {
namespace {

constexpr int64_t kCellsABin = 8;  // a guess, to decide what is worth a thread

template <class T>
T meanOver(const PsroiInput<T>& in, const T* plane, const PsroiBin& bin) {
  const int64_t cells = bin.cells();
  if (cells == 0) return 0;
  T sum = 0;
  for (int64_t y = bin.y0; y < bin.y1; ++y)
    for (int64_t x = bin.x0; x < bin.x1; ++x) sum += plane[y * in.strideY + x * in.strideX];
  return sum / T(cells);
}

template <class T>
void poolRegion(const PsroiInput<T>& in, int64_t r, T* out) {
  const int64_t k = in.group;
  const T* roi = in.rois + r * 5;
  const T* image = in.maps + int64_t(roi[0]) * in.strideN;
  for (int64_t gy = 0; gy < k; ++gy)
    for (int64_t gx = 0; gx < k; ++gx) {
      const PsroiBin bin = psroiBin(in, roi, gy, gx);
      for (int64_t o = 0; o < in.outputs; ++o) {
        const int64_t c = (o * k + gy) * k + gx;
        out[r * in.outputs * k * k + c] = meanOver(in, image + c * in.strideC, bin);
      }
    }
}

/// What all regions hand back to one channel: a thread owns channels, so that every sum has one order.
template <class T>
void gatherChannel(const PsroiInput<T>& in, int64_t c, const T* gradOut, T* gradMaps) {
  const int64_t k = in.group, perRegion = in.outputs * k * k;
  for (int64_t r = 0; r < in.count; ++r) {
    const T g = gradOut[r * perRegion + c];
    if (g == 0) continue;  // most regions are not trained on
    const T* roi = in.rois + r * 5;
    const PsroiBin bin = psroiBin(in, roi, c / k % k, c % k);
    if (bin.cells() == 0) continue;
    const T share = g / T(bin.cells());
    T* plane = gradMaps + int64_t(roi[0]) * in.strideN + c * in.strideC;
    for (int64_t y = bin.y0; y < bin.y1; ++y)
      for (int64_t x = bin.x0; x < bin.x1; ++x) plane[y * in.strideY + x * in.strideX] += share;
  }
}

}  // namespace

template <class T>
void psroiPoolCpu(const PsroiInput<T>& in, T* out) {
  at::parallel_for(0, in.count, grainFor(in.outputs * in.group * in.group * kCellsABin),
                   [&](int64_t begin, int64_t end) {
                     for (int64_t r = begin; r < end; ++r) poolRegion(in, r, out);
                   });
}
template void psroiPoolCpu(const PsroiInput<float>&, float*);
template void psroiPoolCpu(const PsroiInput<double>&, double*);

template <class T>
void psroiPoolBackwardCpu(const PsroiInput<T>& in, const T* gradOut, T* gradMaps) {
  at::parallel_for(0, in.outputs * in.group * in.group, grainFor(in.count * kCellsABin),
                   [&](int64_t begin, int64_t end) {
                     for (int64_t c = begin; c < end; ++c) gatherChannel(in, c, gradOut, gradMaps);
                   });
}
template void psroiPoolBackwardCpu(const PsroiInput<float>&, const float*, float*);
template void psroiPoolBackwardCpu(const PsroiInput<double>&, const double*, double*);

}  // namespace dff::kernels
