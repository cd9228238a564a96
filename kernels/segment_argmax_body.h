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

/// e^x of x <= 0, to 3e-7 of it; below e^-80 it stays there. What is not a number stays none.
DFF_BODY float expOfNegative(float x) {
  // Added to 1.5 * 2^23 a number is rounded to a whole one, in the last bits; with the exponent's bias among them,
  // they are the exponent of two to that power.
  constexpr float kLog2E = 1.44269504f, kRounding = 12582912.f + 127;
  constexpr float kLn2 = 0.69314718f, k2 = kLn2 * kLn2 / 2, k3 = k2 * kLn2 / 3, k4 = k3 * kLn2 / 4, k5 = k4 * kLn2 / 5,
                  k6 = k5 * kLn2 / 6;
  const float power = (x < -80.f ? -80.f : x) * kLog2E, rounded = power + kRounding;
  const float f = power - (rounded - kRounding);
  const float ofRest = 1 + f * (kLn2 + f * (k2 + f * (k3 + f * (k4 + f * (k5 + f * k6)))));
  uint32_t bits;
  std::memcpy(&bits, &rounded, sizeof bits);
  bits <<= 23;
  float ofWhole;
  std::memcpy(&ofWhole, &bits, sizeof ofWhole);
  return ofRest * ofWhole;
}

/// From what the classes have in proportion to the winner's 1: the second best, and the sum of all.
DFF_BODY float marginOf(float second, float sum) {
  const float margin = (1 - second) / sum;
  return margin > 0 ? margin : 0;  // what is not a number is not sure
}

/// Index i: the label of one pixel, and its margin.
struct SegmentArgmaxBody {
  SegmentArgmaxInput in;
  SegmentArgmaxOutput out;

  DFF_BODY int64_t count() const { return in.height * in.width; }
  DFF_BODY void operator()(int64_t i) const {
    const Split pixel = split(i, in.width);
    const Between y = between(pixel.quotient, in.stepY, in.h), x = between(pixel.rest, in.stepX, in.w);
    float best = 0;
    int winner = 0;
    for (int64_t k = 0; k < in.classes; ++k) {
      const float value = at(k, y, x);
      if (k > 0 && !(value > best)) continue;
      best = value;
      winner = int(k);
    }
    out.labels[i] = uint8_t(winner);
    if (out.margins) out.margins[i] = margin(y, x, best, winner);
  }
  DFF_BODY float margin(const Between& y, const Between& x, float best, int winner) const {
    float second = 0, sum = 0;
    for (int64_t k = 0; k < in.classes; ++k) {
      const float share = expOfNegative(at(k, y, x) - best);
      sum += share;
      if (k != winner && share > second) second = share;
    }
    return marginOf(second, sum);
  }
  DFF_BODY float at(int64_t k, const Between& y, const Between& x) const {
    const float above = across(k, y.first, x), below = across(k, y.second, x);
    return above + y.toSecond * (below - above);
  }
  DFF_BODY float across(int64_t k, int64_t row, const Between& x) const {
    const float* from = in.logits + k * in.strideK + row * in.strideY;
    const float first = from[x.first * in.strideX];
    return first + x.toSecond * (from[x.second * in.strideX] - first);
  }
};

}  // namespace dff::kernels
