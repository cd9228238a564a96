#pragma once
#include "kernels/body.h"
#include "kernels/segment_argmax_device.h"

namespace dff::kernels {

/// Between which two cells a pixel lies, and how near the second.
struct Between {
  int64_t first, second;
  float toSecond;
};

DFF_BODY Between between(int64_t pixel, float step, int64_t cells) {
  const float middle = (float(pixel) + 0.5f) * step - 0.5f, last = float(cells - 1);
  const float at = middle < 0 ? 0 : middle > last ? last : middle;
  const int64_t first = int64_t(at), next = first + 1;
  return {first, next < cells ? next : cells - 1, at - float(first)};
}

/// Index i: the label of one pixel.
struct SegmentArgmaxBody {
  SegmentArgmaxInput in;
  uint8_t* labels;

  DFF_BODY int64_t count() const { return in.height * in.width; }
  DFF_BODY void operator()(int64_t i) const {
    const Split pixel = split(i, in.width);
    const Between y = between(pixel.quotient, in.stepY, in.h), x = between(pixel.rest, in.stepX, in.w);
    float best = 0;
    int winner = 0;
    for (int64_t k = 0; k < in.classes; ++k) {
      const float above = across(k, y.first, x), below = across(k, y.second, x);
      const float value = above + y.toSecond * (below - above);
      if (k > 0 && !(value > best)) continue;
      best = value;
      winner = int(k);
    }
    labels[i] = uint8_t(winner);
  }
  DFF_BODY float across(int64_t k, int64_t row, const Between& x) const {
    const float* from = in.logits + k * in.strideK + row * in.strideY;
    const float first = from[x.first * in.strideX];
    return first + x.toSecond * (from[x.second * in.strideX] - first);
  }
};

}  // namespace dff::kernels
