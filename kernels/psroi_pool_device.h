#pragma once
#include <cmath>
#include <cstdint>

#include "kernels/body.h"

namespace dff::kernels {

/// Score maps [N, outputs*group*group, H, W] in any layout (strides in elements) and dense regions [count,5].
template <class T>
struct PsroiInput {
  const T* maps = nullptr;
  int64_t strideN = 0, strideC = 0, strideY = 0, strideX = 0;
  int64_t images = 0, outputs = 0, group = 0, h = 0, w = 0;
  const T* rois = nullptr;
  int64_t count = 0;
  T scale = 0;
};

/// The cells of one bin, ends excluded.
struct PsroiBin {
  int64_t x0 = 0, x1 = 0, y0 = 0, y1 = 0;
  DFF_BODY int64_t cells() const { return x1 > x0 && y1 > y0 ? (x1 - x0) * (y1 - y0) : 0; }
};

/// A place as a number of cells from 0 to `cells`; what is not a number is 0.
template <class T>
DFF_BODY int64_t cellWithin(T at, int64_t cells) {
  return at > 0 ? (at < T(cells) ? int64_t(at) : cells) : 0;
}

/// Where bin `p` of `group` begins and ends along one axis, for a region from pixel `first` to `last`.
template <class T>
DFF_BODY void psroiSpan(T first, T last, T scale, int64_t p, int64_t group, int64_t cells, int64_t span[2]) {
  const T start = std::round(first) * scale, end = (std::round(last) + 1) * scale;
  const T bin = (end - start > T(0.1) ? end - start : T(0.1)) / T(group);
  span[0] = cellWithin(std::floor(T(p) * bin + start), cells);
  span[1] = cellWithin(std::ceil(T(p + 1) * bin + start), cells);
}

template <class T>
DFF_BODY PsroiBin psroiBin(const PsroiInput<T>& in, const T* roi, int64_t gy, int64_t gx) {
  int64_t across[2], down[2];
  psroiSpan(roi[1], roi[3], in.scale, gx, in.group, in.w, across);
  psroiSpan(roi[2], roi[4], in.scale, gy, in.group, in.h, down);
  return {across[0], across[1], down[0], down[1]};
}

/// Defined for float and double. `out` and `gradOut` are dense [count,outputs,group,group]; gradMaps has the strides of
/// the maps and must hold zeros.
template <class T>
void psroiPoolCpu(const PsroiInput<T>& in, T* out);
template <class T>
void psroiPoolBackwardCpu(const PsroiInput<T>& in, const T* gradOut, T* gradMaps);
template <class T>
void psroiPoolCuda(const PsroiInput<T>& in, T* out, void* stream);
template <class T>
void psroiPoolBackwardCuda(const PsroiInput<T>& in, const T* gradOut, T* gradMaps, void* stream);

}  // namespace dff::kernels
