#pragma once
#include <cmath>

#include "kernels/body.h"
#include "kernels/flow_color.h"

namespace dff::kernels {

constexpr float kUnknownFlow = 1e9f;  // the limit of the Middlebury format
constexpr float kTooLongFlow = 0.75f;

/// The angle of (x, y) as a part of a turn, -0.5 to 0.5, as std::atan2 has it. Written without branches, for loops that
/// compute many.
DFF_BODY float turnOf(float x, float y) {
  const float ax = x < 0 ? -x : x, ay = y < 0 ? -y : y;
  const float most = ax > ay ? ax : ay, least = ax > ay ? ay : ax;
  const float t = least / (most > 0 ? most : 1.0f), s = t * t;
  // atan(t) / (2 pi) on 0..1, a minimax polynomial in t^2
  const float part =
      t * (0.15915132f +
           s * (-0.052938682f + s * (0.03080340f + s * (-0.018530867f + s * (0.0083800404f + s * -0.0018654869f)))));
  const float eighth = ay > ax ? 0.25f - part : part;
  const float half = x < 0 ? 0.5f - eighth : eighth;
  return std::copysign(half, y);
}

/// How to paint a flow: the hue's place on the wheel, its strength, and a factor (0: black).
struct FlowHue {
  int first;
  float toSecond, strength, factor;
};

DFF_BODY FlowHue flowHue(float dx, float dy, float fullLength, int hues) {
  const float ax = dx < 0 ? -dx : dx, ay = dy < 0 ? -dy : dy;
  const bool known = (ax <= kUnknownFlow) & (ay <= kUnknownFlow);  // false for NaN as well
  const float knownX = known ? dx : 0.0f, knownY = known ? dy : 0.0f;
  const float length = std::sqrt(knownX * knownX + knownY * knownY) / fullLength;
  const float place = (turnOf(-knownX, -knownY) + 0.5f) * float(hues - 1);
  const int first = int(place);
  return {first, place - float(first), length <= 1 ? length : 1.0f, known ? length <= 1 ? 1.0f : kTooLongFlow : 0.0f};
}

/// One channel of a colour: between white and the pure hue.
DFF_BODY uint8_t flowChannel(const FlowHue& hue, float first, float second) {
  const float pure = (1 - hue.toSecond) * first + hue.toSecond * second;
  return uint8_t(int(255 * (1 - hue.strength * (1 - pure)) * hue.factor));
}

/// Index i: the colour of one position.
struct FlowColorBody {
  FlowColorInput in;
  uint8_t* rgb;

  DFF_BODY int64_t count() const { return in.count; }
  DFF_BODY void operator()(int64_t i) const {
    const FlowHue hue = flowHue(in.flow[2 * i], in.flow[2 * i + 1], in.fullLength, in.wheel.hues);
    for (int k = 0; k < 3; ++k)
      rgb[3 * i + k] = flowChannel(hue, in.wheel.rgb[k][hue.first], in.wheel.rgb[k][hue.first + 1]);
  }
};

}  // namespace dff::kernels
