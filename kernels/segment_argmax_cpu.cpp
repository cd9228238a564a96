#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

#include "kernels/grain.h"
#include "kernels/segment_argmax_body.h"

namespace dff::kernels {
namespace {

constexpr int64_t kBlock = 64;  // columns whose widened rows fit the nearest cache

/// Where the pixels of a block of columns look, as offsets into a row of logits.
struct Columns {
  int32_t first[kBlock], second[kBlock];
  float toSecond[kBlock];
};

DFF_INLINE void fillColumns(const SegmentArgmaxInput& in, int64_t x0, Columns& columns) {
  for (int64_t i = 0; i < kBlock; ++i) {
    const Between b = between(std::min(x0 + i, in.width - 1), in.stepX, in.w);
    columns.first[i] = int32_t(b.first * in.strideX);
    columns.second[i] = int32_t(b.second * in.strideX);
    columns.toSecond[i] = b.toSecond;
  }
}

/// One row of logits, widened to the block, for every class.
struct WideRow {
  int64_t row = -1;
  alignas(64) float value[kMaxClasses][kBlock];
};

DFF_INLINE void widen(const SegmentArgmaxInput& in, const Columns& columns, int64_t row, WideRow& wide) {
  if (wide.row == row) return;
  wide.row = row;
  for (int64_t k = 0; k < in.classes; ++k) {
    const float* from = in.logits + k * in.strideK + row * in.strideY;
    float* __restrict to = wide.value[k];
    for (int64_t i = 0; i < kBlock; ++i) {
      const float first = from[columns.first[i]];
      to[i] = first + columns.toSecond[i] * (from[columns.second[i]] - first);
    }
  }
}

/// A row of the picture between two widened ones.
struct Row {
  const WideRow *above, *below;
  float toBelow;
  int64_t classes;

  DFF_INLINE float at(int64_t k, int64_t i) const {
    return above->value[k][i] + toBelow * (below->value[k][i] - above->value[k][i]);
  }
};

struct Winners {
  alignas(64) float best[kBlock];
  alignas(64) int32_t winner[kBlock];
};

DFF_INLINE void findWinners(const Row& row, Winners& won) {
  float* __restrict best = won.best;
  int32_t* __restrict winner = won.winner;
  for (int64_t i = 0; i < kBlock; ++i) {
    best[i] = row.at(0, i);
    winner[i] = 0;
  }
  for (int32_t k = 1; k < int32_t(row.classes); ++k) {
    for (int64_t i = 0; i < kBlock; ++i) {
      const float value = row.at(k, i);
      const int32_t better = -int32_t(value > best[i]);  // bits, for a choice becomes a branch around the store
      winner[i] = (winner[i] & ~better) | (k & better);
      best[i] = value > best[i] ? value : best[i];
    }
  }
}

DFF_INLINE void fillMargins(const Row& row, const Winners& won, float* __restrict margin) {
  alignas(64) float sum[kBlock] = {}, second[kBlock] = {};
  for (int32_t k = 0; k < int32_t(row.classes); ++k) {
    for (int64_t i = 0; i < kBlock; ++i) {
      const float share = expOfNegative(row.at(k, i) - won.best[i]);
      const float rival = won.winner[i] == k ? 0.f : share;
      sum[i] += share;
      second[i] = rival > second[i] ? rival : second[i];
    }
  }
  for (int64_t i = 0; i < kBlock; ++i) margin[i] = marginOf(second[i], sum[i]);
}

DFF_SIMD void labelRows(const SegmentArgmaxInput& in, const SegmentArgmaxOutput& out, int64_t begin, int64_t end) {
  Columns columns;
  WideRow rows[2];
  Winners won;
  alignas(64) float margin[kBlock];
  for (int64_t x0 = 0; x0 < in.width; x0 += kBlock) {
    fillColumns(in, x0, columns);
    const int64_t many = std::min(kBlock, in.width - x0);
    WideRow *above = &rows[0], *below = &rows[1];
    above->row = below->row = -1;
    for (int64_t y = begin; y < end; ++y) {
      const Between b = between(y, in.stepY, in.h);
      if (below->row == b.first) std::swap(above, below);
      widen(in, columns, b.first, *above);
      widen(in, columns, b.second, *below);
      const Row row{above, below, b.toSecond, in.classes};
      const int64_t at = y * in.width + x0;
      findWinners(row, won);
      std::copy_n(won.winner, many, out.labels + at);
      if (!out.margins) continue;
      fillMargins(row, won, margin);
      std::copy_n(margin, many, out.margins + at);
    }
  }
}

}  // namespace

void segmentArgmaxCpu(const SegmentArgmaxInput& in, const SegmentArgmaxOutput& out) {
  at::parallel_for(0, in.height, grainFor(in.width * in.classes),
                   [&](int64_t begin, int64_t end) { labelRows(in, out, begin, end); });
}

}  // namespace dff::kernels
