#pragma once
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "kernels/simd.h"

namespace dff::kernels {

constexpr int64_t kPanelLanes = 16, kWidestPanel = 4;

/// 16 channels as one value: arithmetic on it stays one instruction where the processor has vectors of that size.
typedef float Vector __attribute__((vector_size(kPanelLanes * sizeof(float))));

DFF_INLINE void load(const float* from, Vector& to) { std::memcpy(&to, from, sizeof to); }
DFF_INLINE void store(const Vector& from, float* to) { std::memcpy(to, &from, sizeof from); }

/// Of a and b, which hold two blocks of a square side by side that are Step wide: what belongs above and below.
template <int Step>
DFF_INLINE void exchange(Vector& a, Vector& b) {
  typedef int Places __attribute__((vector_size(sizeof(Vector))));
  Places above, below;
#pragma GCC unroll 16
  for (int i = 0; i < int(kPanelLanes); ++i) {
    above[i] = i & Step ? int(kPanelLanes) + i - Step : i;
    below[i] = i & Step ? int(kPanelLanes) + i : i + Step;
  }
  const Vector first = __builtin_shuffle(a, b, above);
  b = __builtin_shuffle(a, b, below);
  a = first;
}

/// Rows of 16 become columns.
DFF_INLINE void transpose(Vector v[kPanelLanes]) {
#pragma GCC unroll 16
  for (int i = 0; i < int(kPanelLanes); ++i)
    if (!(i & 8)) exchange<8>(v[i], v[i + 8]);
#pragma GCC unroll 16
  for (int i = 0; i < int(kPanelLanes); ++i)
    if (!(i & 4)) exchange<4>(v[i], v[i + 4]);
#pragma GCC unroll 16
  for (int i = 0; i < int(kPanelLanes); ++i)
    if (!(i & 2)) exchange<2>(v[i], v[i + 2]);
#pragma GCC unroll 16
  for (int i = 0; i < int(kPanelLanes); ++i)
    if (!(i & 1)) exchange<1>(v[i], v[i + 1]);
}

/// How many vectors of 16 columns the next panel has when so many are left.
DFF_INLINE int64_t panelWidth(int64_t vectorsLeft) {
  return vectorsLeft == kWidestPanel + 1 ? 3 : std::min(vectorsLeft, kWidestPanel);
}

/// A matrix whose rows lie `row` floats apart, and 16 columns `lanes` floats from the next 16.
template <class T>
struct Strips {
  T* data = nullptr;
  int64_t row = 0, lanes = 0;

  DFF_INLINE Strips from(int64_t firstRow) const { return {data + firstRow * row, row, lanes}; }
};

/// R rows of a [R,16 strips] times a panel [16 strips,16 N] -> c. All R N sums stay in registers.
template <int R, int N>
DFF_INLINE void multiplyTile(Strips<const float> a, const float* panel, int64_t strips, Strips<float> c) {
  Vector sum[R][N] = {};
  for (int64_t s = 0; s < strips; ++s, a.data += a.lanes)
    for (int64_t k = 0; k < kPanelLanes; ++k, panel += N * kPanelLanes) {
      Vector column[N];
#pragma GCC unroll 4
      for (int n = 0; n < N; ++n) load(panel + n * kPanelLanes, column[n]);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) {
        const float value = a.data[r * a.row + k];
#pragma GCC unroll 4
        for (int n = 0; n < N; ++n) sum[r][n] += value * column[n];
      }
    }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) store(sum[r][n], c.data + r * c.row + n * c.lanes);
}

/// Any number of rows: the last tile goes back over rows that are done, or takes few rows at a time where there are not
/// enough for a tile.
template <int R, int N>
DFF_INLINE void multiplyPanel(Strips<const float> a, const float* panel, int64_t strips, int64_t rows,
                              Strips<float> c) {
  int64_t row = 0;
  for (; row + R <= rows; row += R) multiplyTile<R, N>(a.from(row), panel, strips, c.from(row));
  if (row == rows) return;
  if (rows >= R) return multiplyTile<R, N>(a.from(rows - R), panel, strips, c.from(rows - R));
  for (; row + 3 <= rows; row += 3) multiplyTile<3, N>(a.from(row), panel, strips, c.from(row));
  for (; row < rows; ++row) multiplyTile<1, N>(a.from(row), panel, strips, c.from(row));
}

/// a [rows,16 strips] times b [16 strips,16 vectors], b in panels one after another -> c. 24 sums fit 32 registers.
DFF_INLINE void multiply(Strips<const float> a, const float* b, int64_t strips, int64_t rows, Strips<float> c,
                         int64_t vectors) {
  while (vectors > 0) {
    const int64_t width = panelWidth(vectors);
    if (width == 4) multiplyPanel<6, 4>(a, b, strips, rows, c);
    if (width == 3) multiplyPanel<8, 3>(a, b, strips, rows, c);
    if (width == 2) multiplyPanel<12, 2>(a, b, strips, rows, c);
    if (width == 1) multiplyPanel<14, 1>(a, b, strips, rows, c);
    vectors -= width;
    b += width * kPanelLanes * strips * kPanelLanes;
    c.data += width * c.lanes;
  }
}

}  // namespace dff::kernels
