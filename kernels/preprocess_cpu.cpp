#include <ATen/Parallel.h>

#include <algorithm>
#include <cstring>

#include "kernels/grain.h"
#include "kernels/preprocess_body.h"
#include "kernels/scratch.h"

namespace dff::kernels {
namespace {

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

/// Three channels and whatever follows them: a pixel at a time is a vector wherever it starts.
typedef float Pixel __attribute__((vector_size(16)));
constexpr int64_t kFollows = 1;  // floats that must follow the last pixel

DFF_INLINE Pixel pixelAt(const float* row, int64_t x) {
  Pixel p;
  std::memcpy(&p, row + 3 * x, sizeof p);
  return p;
}

/// The weighted mean of a row's pixels in each span.
DFF_INLINE void meanPixels(const float* row, const Span* spans, int64_t count, float* __restrict to) {
  for (int64_t i = 0; i < count; ++i) {
    const Span& s = spans[i];
    Pixel sum = s.atFirst * pixelAt(row, s.first) + s.atLast * pixelAt(row, s.last);
    for (int64_t x = s.first + 1; x < s.last; ++x) sum += s.between * pixelAt(row, x);
    std::memcpy(to + 3 * i, &sum, sizeof sum);
  }
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
    for (int64_t x = 0; x < plan.options.outWidth; ++x) to[x] = (float(from[3 * x]) - shift) * scale;
  }
}

DFF_INLINE void padRow(const Plan& plan, int64_t y) {
  const int64_t from = y < plan.options.outHeight ? plan.options.outWidth : 0;
  for (int k = 0; k < 3; ++k) std::fill(plan.row(k, y) + from, plan.row(k, y) + plan.options.paddedWidth, 0.0f);
}

/// Rows of floats to work in: the picture's width, and the output's.
struct Scratch {
  float* wide;
  float* narrow;
};

DFF_INLINE void prepareRow(const Plan& plan, const Scratch& scratch, int64_t y) {
  const Picture& p = plan.picture;
  const bool sameWidth = plan.options.outWidth == p.width, sameHeight = plan.options.outHeight == p.height;
  if (sameWidth && sameHeight) return unpackRow(plan, p.rgb + y * p.rowStride, y);
  meanRow(p, spanOf(y, p.height, plan.options.outHeight), scratch.wide);
  if (sameWidth) return unpackRow(plan, scratch.wide, y);
  meanPixels(scratch.wide, plan.columns, plan.options.outWidth, scratch.narrow);
  unpackRow(plan, scratch.narrow, y);
}

DFF_SIMD void prepareRows(const Plan& plan, const Scratch& scratch, int64_t begin, int64_t end) {
  for (int64_t y = begin; y < end; ++y) {
    padRow(plan, y);
    if (y < plan.options.outHeight) prepareRow(plan, scratch, y);
  }
}

}  // namespace

void preprocessCpu(const Picture& picture, const PreprocessOptions& options, float* out) {
  Span* columns = scratch<Span>(size_t(options.outWidth));
  for (int64_t x = 0; x < options.outWidth; ++x) columns[x] = spanOf(x, picture.width, options.outWidth);
  const Plan plan{picture, options, channelsOf(options), columns, out};
  at::parallel_for(0, options.paddedHeight, grainFor(3 * picture.width), [&](int64_t begin, int64_t end) {
    const int64_t wide = 3 * picture.width + kFollows, narrow = 3 * int64_t(options.outWidth) + kFollows;
    float* rows = scratch<float>(size_t(wide + narrow));
    prepareRows(plan, {rows, rows + wide}, begin, end);
  });
}

}  // namespace dff::kernels
