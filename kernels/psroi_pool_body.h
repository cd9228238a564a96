#pragma once
#include "kernels/psroi_pool_device.h"

namespace dff::kernels {

/// Where index i of the pooled values lies: region, channel, and the cells of its bin.
template <class T>
struct PsroiPlace {
  int64_t channel;
  PsroiBin bin;
  int64_t plane;  ///< offset of the channel's map
};

template <class T>
DFF_BODY PsroiPlace<T> psroiPlace(const PsroiInput<T>& in, int64_t i) {
  const Split region = split(i, in.outputs * in.group * in.group);
  const Split row = split(region.rest, in.group);
  const T* roi = in.rois + region.quotient * 5;
  return {region.rest, psroiBin(in, roi, row.quotient % in.group, row.rest),
          int64_t(roi[0]) * in.strideN + region.rest * in.strideC};
}

/// Index i: one pooled value.
template <class T>
struct PsroiForwardBody {
  PsroiInput<T> in;
  T* out;

  DFF_BODY int64_t count() const { return in.count * in.outputs * in.group * in.group; }
  DFF_BODY void operator()(int64_t i) const {
    const PsroiPlace<T> at = psroiPlace(in, i);
    T sum = 0;
    for (int64_t y = at.bin.y0; y < at.bin.y1; ++y)
      for (int64_t x = at.bin.x0; x < at.bin.x1; ++x) sum += in.maps[at.plane + y * in.strideY + x * in.strideX];
    out[i] = at.bin.cells() == 0 ? T(0) : sum / T(at.bin.cells());
  }
};

/// Index i: one pooled value hands its gradient back; shares meet in addTo.
template <class T>
struct PsroiBackwardBody {
  PsroiInput<T> in;
  const T* gradOut;
  T* gradMaps;

  DFF_BODY int64_t count() const { return in.count * in.outputs * in.group * in.group; }
  DFF_BODY void operator()(int64_t i) const {
    if (gradOut[i] == 0) return;
    const PsroiPlace<T> at = psroiPlace(in, i);
    if (at.bin.cells() == 0) return;
    const T share = gradOut[i] / T(at.bin.cells());
    for (int64_t y = at.bin.y0; y < at.bin.y1; ++y)
      for (int64_t x = at.bin.x0; x < at.bin.x1; ++x)
        addTo(gradMaps + at.plane + y * in.strideY + x * in.strideX, share);
  }
};

}  // namespace dff::kernels
