#pragma once
#include <cstdint>

namespace dff::kernels {

/// A 3x3 convolution of stride 1 (padding = dilation) as 36 matrix products: F(4x4, 3x3) of Lavin and Gray 2016. Four
/// times fewer multiplications than by its definition; sums differ from those by some 1e-5 of the largest.
///
/// Pixels that lie `dilation` apart form a grid of their own; each grid is cut into tiles of 4x4 results.
struct WinogradGrid {
  int64_t h = 0, w = 0, dilation = 1;

  int64_t tilesAlong(int64_t size) const { return ((size + dilation - 1) / dilation + 3) / 4; }
  int64_t tiles() const { return dilation * dilation * tilesAlong(h) * tilesAlong(w); }
};

constexpr int64_t kWinogradPoints = 36;
constexpr int64_t kWinogradLanes = 16;  ///< channels must be a multiple of this

/// What follows the sum of products: bias [channels], then what already lies in the result, then what
/// lies below 0 times `slope` (0: ReLU, 1: nothing).
struct WinogradEnd {
  const float* bias = nullptr;
  bool accumulate = false;
  float slope = 1;
};

/// A convolution's weight as winograd() reads it: `points` of winogradWeight(), for so many channels.
struct WinogradWeight {
  const float* points = nullptr;
  int64_t in = 0, out = 0;
};

/// weight [O,I,3,3] -> 36 I O values, the outputs of a point in panels of up to 64.
void winogradWeight(const float* weight, int64_t out, int64_t in, float* points);

/// map [h,w,I] -> result [h,w,O]. Tiles are worked off in blocks that stay in the second-level cache from the reading
/// of the map to the writing of the result, each by one thread.
void winograd(const WinogradGrid& grid, const WinogradWeight& weight, const float* map, const WinogradEnd& end,
              float* result);

}  // namespace dff::kernels
