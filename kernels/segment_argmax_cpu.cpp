#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/segment_argmax_device.h"
#include "kernels/simd.h"

namespace dff::kernels {
namespace {

/// Where an output position reads along one axis: two neighbours and the weight of the second.
struct Taps {
  std::vector<int32_t> low, high;
  std::vector<float> weight;
};

Taps tapsFor(int size, float covered, int64_t cells) {
  Taps taps;
  for (int i = 0; i < size; ++i) {
    const float at = std::clamp((float(i) + 0.5f) * covered / float(size) - 0.5f, 0.0f, float(cells - 1));
    const int32_t low = int32_t(at);
    taps.low.push_back(low);
    taps.high.push_back(std::min<int32_t>(low + 1, int32_t(cells - 1)));
    taps.weight.push_back(at - float(low));
  }
  return taps;
}

DFF_SIMD void blendRows(const float* a, const float* b, float weight, int64_t n, float* out) {
  for (int64_t x = 0; x < n; ++x) out[x] = a[x] + weight * (b[x] - a[x]);
}

/// One row of the grid, enlarged sideways: a gather, so the taps are split into plain arrays.
DFF_SIMD void widen(const float* row, const int32_t* low, const int32_t* high, const float* weight, int64_t n, float* out) {
  for (int64_t x = 0; x < n; ++x) out[x] = row[low[x]] + weight[x] * (row[high[x]] - row[low[x]]);
}

/// Keeps the better of what is there and class `k`. Labels are kept as 32 bit so that both lanes have one width.
DFF_SIMD void challenge(const float* value, int32_t k, int64_t n, float* best, int32_t* label) {
  for (int64_t x = 0; x < n; ++x) {
    const bool wins = value[x] > best[x];
    best[x] = wins ? value[x] : best[x];
    label[x] = wins ? k : label[x];
  }
}

DFF_SIMD void narrow(const int32_t* label, int64_t n, uint8_t* out) {
  for (int64_t x = 0; x < n; ++x) out[x] = uint8_t(label[x]);
}

/// Rows [first, last) of the label image. The grid's rows are widened once each and serve all output rows between them.
class RowBlock {
 public:
  RowBlock(const SegmentArgmaxInput& in, const Taps& columns, const Taps& rows, int width)
      : in_(in), columns_(columns), rows_(rows), width_(width), wide_{std::vector<float>(in.k * width), std::vector<float>(in.k * width)},
        value_(width), best_(width), label_(width) {}

  void run(int64_t first, int64_t last, uint8_t* labels) {
    for (int64_t y = first; y < last; ++y) {
      const float* low = widened(rows_.low[y], rows_.high[y]);
      const float* high = widened(rows_.high[y], rows_.low[y]);
      label(low, high, rows_.weight[y], labels + y * width_);
    }
  }

 private:
  /// Row `row` of every class, enlarged sideways; `keep` is the row whose place must not be taken.
  const float* widened(int32_t row, int32_t keep) {
    const int slot = held_[0] == row ? 0 : held_[1] == row ? 1 : held_[0] == keep ? 1 : 0;
    if (held_[slot] != row) {
      for (int64_t k = 0; k < in_.k; ++k)
        widen(in_.logits + (k * in_.h + row) * in_.w, columns_.low.data(), columns_.high.data(), columns_.weight.data(), width_,
              wide_[slot].data() + k * width_);
      held_[slot] = row;
    }
    return wide_[slot].data();
  }

  void label(const float* low, const float* high, float weight, uint8_t* out) {
    blendRows(low, high, weight, width_, best_.data());
    std::fill(label_.begin(), label_.end(), 0);
    for (int64_t k = 1; k < in_.k; ++k) {
      blendRows(low + k * width_, high + k * width_, weight, width_, value_.data());
      challenge(value_.data(), int32_t(k), width_, best_.data(), label_.data());
    }
    narrow(label_.data(), width_, out);
  }

  const SegmentArgmaxInput& in_;
  const Taps &columns_, &rows_;
  const int64_t width_;
  std::vector<float> wide_[2];
  int32_t held_[2] = {-1, -1};
  std::vector<float> value_, best_;
  std::vector<int32_t> label_;
};

}  // namespace

void segmentArgmaxCpu(const SegmentArgmaxInput& in, const SegmentArgmaxOptions& o, uint8_t* labels) {
  const Taps columns = tapsFor(o.width, o.gridWidth, in.w), rows = tapsFor(o.height, o.gridHeight, in.h);
  constexpr int64_t kRowsAThread = 32;
  at::parallel_for(0, o.height, kRowsAThread, [&](int64_t first, int64_t last) {
    RowBlock(in, columns, rows, o.width).run(first, last, labels);
  });
}

}  // namespace dff::kernels
