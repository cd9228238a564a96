#pragma once
#include <cmath>

#include "kernels/warp_device.h"

namespace dff::kernels {

/// The four neighbours of a position: left and right above, left and right below. Outside: cell -1, weight 0.
template <class T>
struct Taps {
  int64_t cell[4] = {-1, -1, -1, -1};
  T weight[4] = {};
  T fx = 0, fy = 0;
};

template <class T>
DFF_BODY Taps<T> tapsAt(T px, T py, int64_t w, int64_t h) {
  Taps<T> taps;
  if (!(px > -1 && px < T(w) && py > -1 && py < T(h))) return taps;  // written so that NaN is outside
  const T left = std::floor(px), top = std::floor(py);
  const int64_t x = int64_t(left), y = int64_t(top);
  taps.fx = px - left;
  taps.fy = py - top;
  const T across[2] = {1 - taps.fx, taps.fx}, down[2] = {1 - taps.fy, taps.fy};
  for (int k = 0; k < 4; ++k) {
    const int64_t cx = x + k % 2, cy = y + k / 2;
    if (cx < 0 || cx >= w || cy < 0 || cy >= h) continue;
    taps.cell[k] = cy * w + cx;
    taps.weight[k] = across[k % 2] * down[k / 2];
  }
  return taps;
}

template <class T>
DFF_BODY Taps<Computed<T>> tapsOf(const WarpInput<T>& in, int64_t n, int64_t y, int64_t x) {
  using C = Computed<T>;
  const C* flow = in.flow.data + in.flow.offset(n, y, x);
  return tapsAt<C>(C(x) + flow[0], C(y) + flow[in.flow.strideC], in.w, in.h);
}

/// Channels that lie side by side, read and written as one.
template <class T, int kLanes>
struct alignas(kLanes * sizeof(T)) Lanes {
  T lane[kLanes];
};

/// Index i of the result: kLanes channels of a cell where channels lie innermost (their number and the places of the
/// maps are multiples of kLanes), one element otherwise.
template <class T, int kLanes>
struct WarpForwardBody {
  using C = Computed<T>;
  using Group = Lanes<T, kLanes>;
  WarpInput<T> in;
  T* out;

  DFF_BODY int64_t count() const { return in.n * in.h * in.w * (in.channelsLast ? in.c / kLanes : in.c); }
  DFF_BODY void operator()(int64_t i) const { in.channelsLast ? nhwc(i) : nchw(i); }

  DFF_BODY void nhwc(int64_t i) const {
    const Split cell = split(i, in.c / kLanes), row = split(cell.quotient, in.w), image = split(row.quotient, in.h);
    const Taps<C> taps = tapsOf(in, image.quotient, image.rest, row.rest);
    const T* from = in.feature + image.quotient * in.h * in.w * in.c + cell.rest * kLanes;
    C sum[kLanes] = {};
    for (int k = 0; k < 4; ++k) {
      if (taps.cell[k] < 0) continue;
      const Group group = *reinterpret_cast<const Group*>(from + taps.cell[k] * in.c);
      for (int l = 0; l < kLanes; ++l) sum[l] += taps.weight[k] * widened(group.lane[l]);
    }
    Group result;
    Group scale;
    if (in.scale) scale = *reinterpret_cast<const Group*>(in.scale + i * kLanes);
    for (int l = 0; l < kLanes; ++l) narrow(in.scale ? sum[l] * widened(scale.lane[l]) : sum[l], result.lane[l]);
    *reinterpret_cast<Group*>(out + i * kLanes) = result;
  }
  DFF_BODY void nchw(int64_t i) const {
    const Split row = split(i, in.w), plane = split(row.quotient, in.h), image = split(plane.quotient, in.c);
    const Taps<C> taps = tapsOf(in, image.quotient, plane.rest, row.rest);
    const T* from = in.feature + plane.quotient * in.h * in.w;
    C sum = 0;
    for (int k = 0; k < 4; ++k)
      if (taps.cell[k] >= 0) sum += taps.weight[k] * widened(from[taps.cell[k]]);
    narrow(in.scale ? sum * widened(in.scale[i]) : sum, out[i]);
  }
};

/// Where the elements of a map lie.
struct MapPlace {
  int64_t base, strideC, strideCell;
};
template <class T>
DFF_BODY MapPlace placeOf(const WarpInput<T>& in, int64_t n) {
  const int64_t base = n * in.c * in.h * in.w;
  return in.channelsLast ? MapPlace{base, 1, in.c} : MapPlace{base, in.h * in.w, 1};
}

/// The backward of one cell by the threads of a group: each takes every groupSize-th channel and leaves its share of
/// the flow's gradient in shares[2 * thread]; afterwards one of them sums up. Gradients of the feature meet in addTo.
template <class T>
struct WarpBackwardBody {
  WarpInput<T> in;
  WarpGradients<T> grad;

  DFF_BODY int64_t cells() const { return in.n * in.h * in.w; }
  DFF_BODY void channels(int64_t cell, int thread, int groupSize, T* shares) const {
    const Split row = split(cell, in.w), image = split(row.quotient, in.h);
    const Taps<T> taps = tapsOf(in, image.quotient, image.rest, row.rest);
    const MapPlace place = placeOf(in, image.quotient);
    const int64_t here = place.base + (image.rest * in.w + row.rest) * place.strideCell;
    shares[2 * thread] = shares[2 * thread + 1] = 0;
    for (int64_t c = thread; c < in.c; c += groupSize)
      channel(taps, place, here + c * place.strideC, c, shares + 2 * thread);
  }
  DFF_BODY void sum(int64_t cell, int groupSize, const T* shares) const {
    if (!grad.flow.data) return;
    const Split row = split(cell, in.w), image = split(row.quotient, in.h);
    T x = 0, y = 0;
    for (int t = 0; t < groupSize; ++t) x += shares[2 * t], y += shares[2 * t + 1];
    T* to = grad.flow.data + grad.flow.offset(image.quotient, image.rest, row.rest);
    to[0] = x;
    to[grad.flow.strideC] = y;
  }

  DFF_BODY void channel(const Taps<T>& taps, const MapPlace& place, int64_t at, int64_t c, T* share) const {
    const int64_t plane = place.base + c * place.strideC;
    T tap[4];
    for (int k = 0; k < 4; ++k) tap[k] = taps.cell[k] < 0 ? T(0) : in.feature[plane + taps.cell[k] * place.strideCell];
    const T g = grad.out[at], gs = in.scale ? g * in.scale[at] : g;
    share[0] += gs * ((1 - taps.fy) * (tap[1] - tap[0]) + taps.fy * (tap[3] - tap[2]));
    share[1] += gs * ((1 - taps.fx) * (tap[2] - tap[0]) + taps.fx * (tap[3] - tap[1]));
    if (grad.scale)
      grad.scale[at] =
          g * (taps.weight[0] * tap[0] + taps.weight[1] * tap[1] + taps.weight[2] * tap[2] + taps.weight[3] * tap[3]);
    if (!grad.feature) return;
    for (int k = 0; k < 4; ++k)
      if (taps.cell[k] >= 0) addTo(grad.feature + plane + taps.cell[k] * place.strideCell, taps.weight[k] * gs);
  }
};

}  // namespace dff::kernels
