#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/grain.h"
#include "kernels/preprocess_device.h"
#include "kernels/simd.h"

namespace dff::kernels {
namespace {

/// The input pixels that one output pixel of an axis is made of: the first and last with weights of their own, and
/// those between them with one weight.
struct Span {
  int64_t first, last;
  float atFirst, between, atLast;
};

DFF_INLINE Span grownSpan(int64_t pixel, double step, int64_t size) {
  const double at = std::clamp((double(pixel) + 0.5) * step - 0.5, 0.0, double(size - 1));
  const int64_t first = int64_t(at);
  const float toSecond = float(at - double(first));
  return {first, std::min(first + 1, size - 1), 1 - toSecond, 0, toSecond};
}

DFF_INLINE Span shrunkSpan(int64_t pixel, double step, int64_t size) {
  constexpr double kRounding = 1e-9;  // a sliver of the next pixel is an error of rounding
  const double begin = double(pixel) * step, end = std::min(begin + step, double(size));
  const int64_t first = int64_t(begin + kRounding), last = std::max(first, int64_t(std::ceil(end - kRounding)) - 1);
  const double length = end - begin;
  if (first == last) return {first, last, 1, 0, 0};
  return {first, last, float((double(first + 1) - begin) / length), float(1 / length),
          float((end - double(last)) / length)};
}

DFF_INLINE Span spanOf(int64_t pixel, int64_t in, int64_t out) {
  if (in == out) return {pixel, pixel, 1, 0, 0};
  const double step = double(in) / double(out);
  return step > 1 ? shrunkSpan(pixel, step, in) : grownSpan(pixel, step, in);
}

/// Scale and shift of each output channel, and the input channel it comes from.
struct Channels {
  float scale[3], shift[3];
  int source[3];
};

Channels channelsOf(const PreprocessOptions& o) {
  Channels c;
  for (int k = 0; k < 3; ++k) {
    c.scale[k] = 1 / o.std[k];
    c.shift[k] = o.mean[k];
    c.source[k] = o.bgr ? 2 - k : k;
  }
  return c;
}

DFF_INLINE void addRow(const uint8_t* from, float weight, int64_t count, float* __restrict sum) {
  for (int64_t i = 0; i < count; ++i) sum[i] += weight * float(from[i]);
}

/// The weighted mean of the picture's rows in a span.
DFF_INLINE void meanRow(const Picture& p, const Span& s, float* __restrict sum) {
  const int64_t count = 3 * p.width;
  const auto row = [&](int64_t y) { return p.rgb + y * p.rowStride; };
  const uint8_t *first = row(s.first), *last = row(s.last);
  for (int64_t i = 0; i < count; ++i) sum[i] = s.atFirst * float(first[i]) + s.atLast * float(last[i]);
  for (int64_t y = s.first + 1; y < s.last; ++y) addRow(row(y), s.between, count, sum);
}

DFF_INLINE float meanAt(const float* row, const Span& s) {
  float sum = s.atFirst * row[3 * s.first] + s.atLast * row[3 * s.last];
  for (int64_t x = s.first + 1; x < s.last; ++x) sum += s.between * row[3 * x];
  return sum;
}

/// What does not change from row to row.
struct Plan {
  Picture picture;
  const PreprocessOptions& options;
  Channels channels;
  const Span* columns;
  float* out;

  DFF_INLINE float* row(int64_t channel, int64_t y) const {
    return out + (channel * options.paddedHeight + y) * options.paddedWidth;
  }
};

template <class Value>
DFF_INLINE void unpackRow(const Plan& plan, const Value* row, int64_t y) {
  for (int k = 0; k < 3; ++k) {
    const float scale = plan.channels.scale[k], shift = plan.channels.shift[k];
    const Value* from = row + plan.channels.source[k];
    float* __restrict to = plan.row(k, y);
    for (int64_t x = 0; x < plan.picture.width; ++x) to[x] = (float(from[3 * x]) - shift) * scale;
  }
}

DFF_INLINE void resampleRow(const Plan& plan, const float* row, int64_t y) {
  for (int k = 0; k < 3; ++k) {
    const float scale = plan.channels.scale[k], shift = plan.channels.shift[k];
    const float* from = row + plan.channels.source[k];
    float* __restrict to = plan.row(k, y);
    for (int64_t x = 0; x < plan.options.outWidth; ++x) to[x] = (meanAt(from, plan.columns[x]) - shift) * scale;
  }
}

DFF_INLINE void padRow(const Plan& plan, int64_t y) {
  const int64_t from = y < plan.options.outHeight ? plan.options.outWidth : 0;
  for (int k = 0; k < 3; ++k) std::fill(plan.row(k, y) + from, plan.row(k, y) + plan.options.paddedWidth, 0.0f);
}

DFF_SIMD void prepareRows(const Plan& plan, float* scratch, int64_t begin, int64_t end) {
  const Picture& p = plan.picture;
  const PreprocessOptions& o = plan.options;
  for (int64_t y = begin; y < end; ++y) {
    padRow(plan, y);
    if (y >= o.outHeight) continue;
    const Span rows = spanOf(y, p.height, o.outHeight);
    if (o.outWidth == p.width && o.outHeight == p.height) {
      unpackRow(plan, p.rgb + y * p.rowStride, y);
      continue;
    }
    meanRow(p, rows, scratch);
    o.outWidth == p.width ? unpackRow(plan, scratch, y) : resampleRow(plan, scratch, y);
  }
}

}  // namespace

void preprocessCpu(const Picture& picture, const PreprocessOptions& options, float* out) {
  std::vector<Span> columns(options.outWidth);
  for (int64_t x = 0; x < options.outWidth; ++x) columns[x] = spanOf(x, picture.width, options.outWidth);
  const Plan plan{picture, options, channelsOf(options), columns.data(), out};
  at::parallel_for(0, options.paddedHeight, grainFor(3 * picture.width), [&](int64_t begin, int64_t end) {
    std::vector<float> scratch(3 * picture.width);
    prepareRows(plan, scratch.data(), begin, end);
  });
}

}  // namespace dff::kernels
