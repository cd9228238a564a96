#include <algorithm>

#include "kernels/flow_color_body.h"

namespace dff::kernels {
namespace {

constexpr int64_t kBlock = 64;

/// Hues first, then channel by channel, all at once; the bytes, which lie three by three, at last.
DFF_SIMD void colorBlock(const FlowColorInput& in, int64_t begin, int64_t count, uint8_t* rgb) {
  int32_t first[kBlock];
  float toSecond[kBlock], strength[kBlock], factor[kBlock];
  for (int64_t i = 0; i < count; ++i) {
    const float* flow = in.flow + 2 * (begin + i);
    const FlowHue hue = flowHue(flow[0], flow[1], in.fullLength, in.wheel.hues);
    first[i] = hue.first, toSecond[i] = hue.toSecond, strength[i] = hue.strength, factor[i] = hue.factor;
  }
  uint8_t channel[3][kBlock];
  for (int k = 0; k < 3; ++k) {
    const float* wheel = in.wheel.rgb[k];
    for (int64_t i = 0; i < count; ++i)
      channel[k][i] =
          flowChannel({first[i], toSecond[i], strength[i], factor[i]}, wheel[first[i]], wheel[first[i] + 1]);
  }
  for (int64_t i = 0; i < count; ++i)
    for (int k = 0; k < 3; ++k) rgb[3 * (begin + i) + k] = channel[k][i];
}

}  // namespace

void flowColor(const FlowColorInput& in, uint8_t* rgb) {
  for (int64_t begin = 0; begin < in.count; begin += kBlock)
    colorBlock(in, begin, std::min(kBlock, in.count - begin), rgb);
}

}  // namespace dff::kernels
