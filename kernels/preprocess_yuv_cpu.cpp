#include <ATen/Parallel.h>

#include <algorithm>

#include "kernels/grain.h"
#include "kernels/preprocess_body.h"
#include "kernels/preprocess_yuv.h"
#include "kernels/scratch.h"

namespace dff::kernels {
namespace {

/// From planes to a channel of the output: y, u and v times their weights, plus the offset.
struct FromYuv {
  float y, u, v, offset;
};
struct Colors {
  FromYuv rgb[3];
};

/// ITU-R BT.601-7 and BT.709-6, section "signal format": the weights of red and blue in luma give all the others.
Colors colorsOf(const YuvPicture& p) {
  const bool hd = p.matrix == YuvMatrix::Bt709;
  const double red = hd ? 0.2126 : 0.299, blue = hd ? 0.0722 : 0.114, green = 1 - red - blue;
  const double y = p.fullRange ? 1 : 255. / 219, c = p.fullRange ? 1 : 255. / 224, black = p.fullRange ? 0 : 16;
  const auto channel = [&](double u, double v) {
    return FromYuv{float(y), float(c * u), float(c * v), float(-y * black - 128 * c * (u + v))};
  };
  return {{channel(0, 2 * (1 - red)), channel(-2 * blue * (1 - blue) / green, -2 * red * (1 - red) / green),
           channel(2 * (1 - blue), 0)}};
}

/// One axis of one plane: `pixels` of the picture lie on `size` values.
struct Axis {
  int64_t size;
  double step;  ///< values an output pixel

  Axis(int64_t pixels, int64_t out, bool chroma)
      : size(chroma ? (pixels + 1) / 2 : pixels), step(double(pixels) / double(out) / (chroma ? 2 : 1)) {}
  Span spanOf(int64_t pixel) const {
    if (step == 1) return {pixel, pixel, 1, 0, 0};
    return step > 1 ? shrunkSpan(pixel, step, size) : grownSpan(pixel, step, size);
  }
};

/// Values that lie `valueStep` bytes apart in rows of `stride` bytes.
struct Plane {
  const uint8_t* values;
  int64_t stride;
  Axis rows, columns;
  int valueStep;
  const Span* spans;  // of the output's columns
};

DFF_INLINE void meanRow(const Plane& p, const Span& s, float* __restrict sum) {
  const uint8_t *first = p.values + s.first * p.stride, *last = p.values + s.last * p.stride;
  const int64_t count = p.columns.size;
  const int step = p.valueStep;
  for (int64_t i = 0; i < count; ++i) sum[i] = s.atFirst * float(first[i * step]) + s.atLast * float(last[i * step]);
  for (int64_t y = s.first + 1; y < s.last; ++y) {
    const uint8_t* row = p.values + y * p.stride;
    for (int64_t i = 0; i < count; ++i) sum[i] += s.between * float(row[i * step]);
  }
}

/// Each value is the middle of two pixels.
DFF_INLINE void doubled(const float* row, int64_t count, int64_t out, float* __restrict to) {
  to[0] = row[0];
  for (int64_t i = 0; i + 1 < count; ++i) {
    to[2 * i + 1] = 0.75f * row[i] + 0.25f * row[i + 1];
    to[2 * i + 2] = 0.25f * row[i] + 0.75f * row[i + 1];
  }
  if (out == 2 * count) to[out - 1] = row[count - 1];
}

DFF_INLINE void meanColumns(const Plane& p, const float* row, int64_t out, float* __restrict to) {
  if (p.columns.step == 0.5) return doubled(row, p.columns.size, out, to);
  for (int64_t x = 0; x < out; ++x) {
    const Span& s = p.spans[x];
    float sum = s.atFirst * row[s.first] + s.atLast * row[s.last];
    for (int64_t i = s.first + 1; i < s.last; ++i) sum += s.between * row[i];
    to[x] = sum;
  }
}

/// What does not change from row to row.
struct Plan {
  Plane planes[3];
  const PreprocessOptions& options;
  Channels channels;
  Colors colors;
  float* out;

  DFF_INLINE float* row(int64_t channel, int64_t y) const {
    return out + (channel * options.paddedHeight + y) * options.paddedWidth;
  }
};

DFF_INLINE void colorRow(const Plan& plan, const float* luma, const float* u, const float* v, int64_t y) {
  for (int k = 0; k < 3; ++k) {
    const FromYuv c = plan.colors.rgb[plan.channels.source[k]];
    const float scale = plan.channels.scale[k], shift = plan.channels.shift[k];
    float* __restrict to = plan.row(k, y);
    for (int64_t x = 0; x < plan.options.outWidth; ++x) {
      const float value = c.y * luma[x] + c.u * u[x] + c.v * v[x] + c.offset;
      const float bright = value > 0 ? value : 0, cut = bright < 255 ? bright : 255;
      to[x] = (cut - shift) * scale;
    }
  }
}

DFF_INLINE void padRow(const Plan& plan, int64_t y) {
  const int64_t from = y < plan.options.outHeight ? plan.options.outWidth : 0;
  for (int k = 0; k < 3; ++k) std::fill(plan.row(k, y) + from, plan.row(k, y) + plan.options.paddedWidth, 0.0f);
}

/// `wide` has room for a row of the picture, `narrow` for three of the output.
DFF_SIMD void prepareRows(const Plan& plan, float* wide, float* narrow, int64_t begin, int64_t end) {
  const int64_t out = plan.options.outWidth;
  for (int64_t y = begin; y < end; ++y) {
    padRow(plan, y);
    if (y >= plan.options.outHeight) continue;
    for (int k = 0; k < 3; ++k) {
      const Plane& p = plan.planes[k];
      const bool whole = p.columns.step == 1;
      meanRow(p, p.rows.spanOf(y), whole ? narrow + k * out : wide);
      if (!whole) meanColumns(p, wide, out, narrow + k * out);
    }
    colorRow(plan, narrow, narrow + out, narrow + 2 * out, y);
  }
}

}  // namespace

void preprocessYuvCpu(const YuvPicture& p, const PreprocessOptions& o, float* out) {
  const Axis rows(p.height, o.outHeight, false), columns(p.width, o.outWidth, false);
  const Axis chromaRows(p.height, o.outHeight, true), chromaColumns(p.width, o.outWidth, true);
  Span* spans = scratch<Span, YuvPicture>(size_t(2 * o.outWidth));
  for (int64_t x = 0; x < o.outWidth; ++x) {
    spans[x] = columns.spanOf(x);
    spans[o.outWidth + x] = chromaColumns.spanOf(x);
  }
  const Plane u{p.u, p.chromaStride, chromaRows, chromaColumns, p.chromaStep, spans + o.outWidth};
  Plane v = u;
  v.values = p.v;
  const Plan plan{{{p.y, p.yStride, rows, columns, 1, spans}, u, v}, o, channelsOf(o), colorsOf(p), out};
  at::parallel_for(0, o.paddedHeight, grainFor(3 * int64_t(p.width)), [&](int64_t begin, int64_t end) {
    float* memory = scratch<float, YuvPicture>(size_t(p.width + 3 * int64_t(o.outWidth)));
    prepareRows(plan, memory, memory + p.width, begin, end);
  });
}

}  // namespace dff::kernels
