#pragma once
#include <cstdint>

namespace dff::kernels {

/// A colour wheel: the hues of a full turn, `hues` times R, G, B from 0 to 1, from the left (-x) by way of the top.
struct ColorWheel {
  static constexpr int kMost = 64;
  float rgb[3][kMost + 1] = {};  ///< the first hue follows the last once more
  int hues = 0;
};

/// Flow (dx, dy) of `count` positions side by side, and the length that has the pure hue.
struct FlowColorInput {
  const float* flow = nullptr;
  int64_t count = 0;
  float fullLength = 1;
  ColorWheel wheel;
};

/// Three bytes a position: direction is hue, length strength, white at rest; beyond fullLength three quarters of the
/// pure hue, black where the flow is not finite or above 1e9. Computed with an arc tangent to a millionth of a turn, so
/// that a byte may be one off that of an exact one. On the calling thread.
void flowColor(const FlowColorInput& in, uint8_t* rgb);

}  // namespace dff::kernels
