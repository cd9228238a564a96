#pragma once
#include <cstdint>

#include "kernels/simd.h"

namespace dff::kernels {

/// A grey picture whose border is repeated `margin` pixels outwards; rows are `row` floats apart.
struct GrayPicture {
  float* origin;
  int64_t height, width, row, margin;
  DFF_INLINE float* at(int64_t y, int64_t x) const { return origin + y * row + x; }
};

/// Blocks of 2x2 pixels over a picture, and their motion.
struct BlockGrid {
  int64_t rows, columns;
  float *dx, *dy;  ///< in blocks
};

/// One level of inverseSearch(). `coarser`: what the next coarser level gave, (dx) and (dy) on a grid of 4x4 pixels of
/// this level, in cells of that grid; null: there is none.
void inverseSearchLevel(const GrayPicture& cur, const GrayPicture& key, const float* coarser, const BlockGrid& blocks);

/// A picture with its margin filled, from the sum of so many planes [height,width] or from the one twice as fine.
void fillGray(const float* planes, int64_t count, const GrayPicture& to);
void halveGray(const GrayPicture& from, const GrayPicture& to);

}  // namespace dff::kernels
