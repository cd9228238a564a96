#pragma once
#include <algorithm>
#include <cmath>

#include "kernels/simd.h"
#include "kernels/warp_device.h"

namespace dff::kernels {

constexpr int64_t kChunk = 1024;  // channels that one row of zeros serves
constexpr int64_t kBlock = 64;    // cells whose taps fit the stack

template <class T>
alignas(64) constexpr T kZeros[kChunk] = {};

/// The four neighbours of a position: left and right above, left and right below. Outside: cell -1, weight 0.
template <class T>
struct Taps {
  int64_t cell[4] = {-1, -1, -1, -1};
  T weight[4] = {};
  T fx = 0, fy = 0;
};

template <class T>
DFF_INLINE Taps<T> tapsAt(T px, T py, int64_t w, int64_t h) {
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
DFF_INLINE Taps<T> tapsOf(const WarpInput<T>& in, int64_t n, int64_t y, int64_t x) {
  const T* flow = in.flow.data + in.flow.offset(n, y, x);
  return tapsAt<T>(T(x) + flow[0], T(y) + flow[in.flow.strideC], in.w, in.h);
}

template <class T>
DFF_INLINE const T* channelsAt(const T* image, int64_t cell, int64_t channels, int64_t first) {
  return cell < 0 ? kZeros<T> : image + cell * channels + first;
}

/// The taps of a few cells of one row, for loops that run over cells.
template <class T>
struct TapBlock {
  int32_t cell[4][kBlock];  // 0 where outside
  T weight[4][kBlock];
  T inside[4][kBlock];
  T fx[kBlock], fy[kBlock];
  int64_t count = 0;
};

template <class T>
DFF_INLINE void fillBlock(const WarpInput<T>& in, int64_t n, int64_t y, int64_t x0, int64_t count, TapBlock<T>& block) {
  for (int64_t i = 0; i < count; ++i) {
    const Taps<T> taps = tapsOf(in, n, y, x0 + i);
    for (int k = 0; k < 4; ++k) {
      block.cell[k][i] = int32_t(std::max<int64_t>(taps.cell[k], 0));
      block.weight[k][i] = taps.weight[k];
      block.inside[k][i] = taps.cell[k] < 0 ? T(0) : T(1);
    }
    block.fx[i] = taps.fx;
    block.fy[i] = taps.fy;
  }
  block.count = count;
}

/// A choice, not a product: what lies outside is 0 even if the cell read in its stead is not finite.
template <class T>
DFF_INLINE T tap(const TapBlock<T>& block, const T* plane, int k, int64_t i) {
  const T value = plane[block.cell[k][i]];
  return block.inside[k][i] != 0 ? value : T(0);
}

template <class T>
DFF_INLINE T blendAt(const TapBlock<T>& block, const T* plane, int64_t i) {
  return block.weight[0][i] * tap(block, plane, 0, i) + block.weight[1][i] * tap(block, plane, 1, i) +
         block.weight[2][i] * tap(block, plane, 2, i) + block.weight[3][i] * tap(block, plane, 3, i);
}

}  // namespace dff::kernels
