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

DFF_INLINE void argmaxRow(const WideRow& above, const WideRow& below, float toBelow, int64_t classes,
                          uint8_t* __restrict label) {
  alignas(64) float best[kBlock];
  alignas(64) int32_t winner[kBlock];
  for (int64_t i = 0; i < kBlock; ++i) {
    best[i] = above.value[0][i] + toBelow * (below.value[0][i] - above.value[0][i]);
    winner[i] = 0;
  }
  for (int32_t k = 1; k < int32_t(classes); ++k) {
    for (int64_t i = 0; i < kBlock; ++i) {
      const float value = above.value[k][i] + toBelow * (below.value[k][i] - above.value[k][i]);
      const int32_t better = -int32_t(value > best[i]);  // bits, for a choice becomes a branch around the store
      winner[i] = (winner[i] & ~better) | (k & better);
      best[i] = value > best[i] ? value : best[i];
    }
  }
  for (int64_t i = 0; i < kBlock; ++i) label[i] = uint8_t(winner[i]);
}

DFF_SIMD void labelRows(const SegmentArgmaxInput& in, uint8_t* labels, int64_t begin, int64_t end) {
  Columns columns;
  WideRow rows[2];
  alignas(64) uint8_t label[kBlock];
  for (int64_t x0 = 0; x0 < in.width; x0 += kBlock) {
    fillColumns(in, x0, columns);
    WideRow *above = &rows[0], *below = &rows[1];
    above->row = below->row = -1;
    for (int64_t y = begin; y < end; ++y) {
      const Between b = between(y, in.stepY, in.h);
      if (below->row == b.first) std::swap(above, below);
      widen(in, columns, b.first, *above);
      widen(in, columns, b.second, *below);
      argmaxRow(*above, *below, b.toSecond, in.classes, label);
      std::copy_n(label, std::min(kBlock, in.width - x0), labels + y * in.width + x0);
    }
  }
}

}  // namespace

void segmentArgmaxCpu(const SegmentArgmaxInput& in, uint8_t* labels) {
  at::parallel_for(0, in.height, grainFor(in.width * in.classes),
                   [&](int64_t begin, int64_t end) { labelRows(in, labels, begin, end); });
}

}  // namespace dff::kernels
