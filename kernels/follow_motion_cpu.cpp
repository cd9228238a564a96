#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "kernels/follow_motion_device.h"
#include "kernels/grain.h"
#include "kernels/simd.h"

namespace dff::kernels {
namespace {

/// What is not a number lies at the border too.
DFF_INLINE float within(float value, float largest) {
  value = value > 0 ? value : 0;
  return value < largest ? value : largest;
}

/// One row: each displacement times `keep`, plus `gain` times the motion at the place that it led to. Written for the
/// compiler to gather whole vectors.
DFF_SIMD void row(const MotionPlanes& motion, int64_t h, int64_t w, int64_t y, float keep, float gain,
                  float* __restrict dx, float* __restrict dy) {
  const float right = float(w - 1), bottom = float(h - 1);
  const int lastX = int(std::max<int64_t>(0, w - 2)), lastY = int(std::max<int64_t>(0, h - 2));
  const int acrossStep = w > 1 ? 1 : 0, downStep = h > 1 ? int(w) : 0, width = int(w);
  for (int64_t x = 0; x < w; ++x) {
    const float px = within(float(x) + dx[x], right), py = within(float(y) + dy[x], bottom);
    const int left = std::min(int(px), lastX), top = std::min(int(py), lastY);
    const float fx = px - float(left), fy = py - float(top);
    const int a = top * width + left, b = a + acrossStep, c = a + downStep, d = c + acrossStep;
    const float atX =
        (motion.dx[a] * (1 - fx) + motion.dx[b] * fx) * (1 - fy) + (motion.dx[c] * (1 - fx) + motion.dx[d] * fx) * fy;
    const float atY =
        (motion.dy[a] * (1 - fx) + motion.dy[b] * fx) * (1 - fy) + (motion.dy[c] * (1 - fx) + motion.dy[d] * fx) * fy;
    dx[x] = keep * dx[x] + gain * atX;
    dy[x] = keep * dy[x] + gain * atY;
  }
}

void allRows(const MotionPlanes& motion, int64_t h, int64_t w, float keep, float gain, float* dx, float* dy) {
  at::parallel_for(0, h, grainFor(20 * w), [&](int64_t begin, int64_t end) {
    for (int64_t y = begin; y < end; ++y) row(motion, h, w, y, keep, gain, dx + y * w, dy + y * w);
  });
}

}  // namespace

void followStep(const MotionPlanes& step, int64_t h, int64_t w, float* dx, float* dy) {
  allRows(step, h, w, 1, 1, dx, dy);
}

void turnStep(const MotionPlanes& back, int64_t h, int64_t w, float* dx, float* dy) {
  allRows(back, h, w, 0, -1, dx, dy);
}

}  // namespace dff::kernels
