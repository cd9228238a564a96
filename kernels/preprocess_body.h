#pragma once
#include <cmath>

#include "kernels/body.h"
#include "kernels/preprocess_device.h"

namespace dff::kernels {

/// The input pixels that one output pixel of an axis is made of: the first and last with weights of their own, and
/// those between them with one weight.
struct Span {
  int64_t first, last;
  float atFirst, between, atLast;
};

DFF_BODY Span grownSpan(int64_t pixel, double step, int64_t size) {
  const double middle = (double(pixel) + 0.5) * step - 0.5, border = double(size - 1);
  const double at = middle < 0 ? 0 : middle > border ? border : middle;
  const int64_t first = int64_t(at), next = first + 1;
  const float toSecond = float(at - double(first));
  return {first, next < size ? next : size - 1, 1 - toSecond, 0, toSecond};
}

DFF_BODY Span shrunkSpan(int64_t pixel, double step, int64_t size) {
  constexpr double kRounding = 1e-9;  // a sliver of the next pixel is an error of rounding
  const double begin = double(pixel) * step, reach = begin + step, end = reach < double(size) ? reach : double(size);
  const int64_t first = int64_t(begin + kRounding), lastOne = int64_t(std::ceil(end - kRounding)) - 1;
  const int64_t last = lastOne > first ? lastOne : first;
  const double length = end - begin;
  if (first == last) return {first, last, 1, 0, 0};
  return {first, last, float((double(first + 1) - begin) / length), float(1 / length),
          float((end - double(last)) / length)};
}

DFF_BODY Span spanOf(int64_t pixel, int64_t in, int64_t out) {
  if (in == out) return {pixel, pixel, 1, 0, 0};
  const double step = double(in) / double(out);
  return step > 1 ? shrunkSpan(pixel, step, in) : grownSpan(pixel, step, in);
}

/// Scale and shift of each output channel, and the input channel it comes from.
struct Channels {
  float scale[3], shift[3];
  int source[3];
};

inline Channels channelsOf(const PreprocessOptions& o) {
  Channels c;
  for (int k = 0; k < 3; ++k) {
    c.scale[k] = 1 / o.std[k];
    c.shift[k] = o.mean[k];
    c.source[k] = o.bgr ? 2 - k : k;
  }
  return c;
}

/// Index i: one pixel of the padded input, all of its channels.
struct PreprocessBody {
  Picture picture;
  Channels channels;
  int64_t outWidth, outHeight, paddedWidth, paddedHeight;
  float* out;

  PreprocessBody(const Picture& picture, const PreprocessOptions& o, float* out)
      : picture(picture),
        channels(channelsOf(o)),
        outWidth(o.outWidth),
        outHeight(o.outHeight),
        paddedWidth(o.paddedWidth),
        paddedHeight(o.paddedHeight),
        out(out) {}

  DFF_BODY int64_t count() const { return paddedHeight * paddedWidth; }
  DFF_BODY void operator()(int64_t i) const {
    const Split pixel = split(i, paddedWidth);
    const bool isPicture = pixel.quotient < outHeight && pixel.rest < outWidth;
    float mean[3] = {};
    if (isPicture)
      meanOver(spanOf(pixel.quotient, picture.height, outHeight), spanOf(pixel.rest, picture.width, outWidth), mean);
    for (int k = 0; k < 3; ++k)
      out[k * count() + i] = isPicture ? (mean[channels.source[k]] - channels.shift[k]) * channels.scale[k] : 0;
  }
  DFF_BODY static float weightOf(const Span& s, int64_t at) {
    return at == s.first ? s.atFirst + (s.last == s.first ? s.atLast : 0) : at == s.last ? s.atLast : s.between;
  }
  DFF_BODY void meanOver(const Span& rows, const Span& columns, float mean[3]) const {
    for (int64_t x = columns.first; x <= columns.last; ++x) {
      float column[3] = {};
      for (int64_t y = rows.first; y <= rows.last; ++y)
        for (int k = 0; k < 3; ++k)
          column[k] += weightOf(rows, y) * float(picture.rgb[y * picture.rowStride + 3 * x + k]);
      for (int k = 0; k < 3; ++k) mean[k] += weightOf(columns, x) * column[k];
    }
  }
};

}  // namespace dff::kernels
