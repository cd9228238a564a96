#pragma once
#include <algorithm>

#include "kernels/warp_body.h"

namespace dff::kernels {

constexpr int64_t kChunk = 1024;  // channels that one row of zeros serves
constexpr int64_t kBlock = 64;    // cells whose taps fit the stack

template <class T>
alignas(64) constexpr T kZeros[kChunk] = {};

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
DFF_INLINE void fillBlock(const WarpInput<T>& in, int64_t n, int64_t y, int64_t x0, int64_t count,
                          TapBlock<Computed<T>>& block) {
  using C = Computed<T>;
  for (int64_t i = 0; i < count; ++i) {
    const Taps<C> taps = tapsOf(in, n, y, x0 + i);
    for (int k = 0; k < 4; ++k) {
      block.cell[k][i] = int32_t(std::max<int64_t>(taps.cell[k], 0));
      block.weight[k][i] = taps.weight[k];
      block.inside[k][i] = taps.cell[k] < 0 ? C(0) : C(1);
    }
    block.fx[i] = taps.fx;
    block.fy[i] = taps.fy;
  }
  block.count = count;
}

/// A choice, not a product: what lies outside is 0 even if the cell read in its stead is not finite.
template <class T>
DFF_INLINE Computed<T> tap(const TapBlock<Computed<T>>& block, const T* plane, int k, int64_t i) {
  const Computed<T> value = widened(plane[block.cell[k][i]]);
  return block.inside[k][i] != 0 ? value : Computed<T>(0);
}

template <class T>
DFF_INLINE Computed<T> blendAt(const TapBlock<Computed<T>>& block, const T* plane, int64_t i) {
  return block.weight[0][i] * tap(block, plane, 0, i) + block.weight[1][i] * tap(block, plane, 1, i) +
         block.weight[2][i] * tap(block, plane, 2, i) + block.weight[3][i] * tap(block, plane, 3, i);
}

}  // namespace dff::kernels
