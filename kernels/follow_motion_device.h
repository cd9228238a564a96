#pragma once
#include <cstdint>

namespace dff::kernels {

/// A motion as two planes of h x w cells.
struct MotionPlanes {
  const float *dx, *dy;
};

/// Adds to each displacement (dx, dy), h x w, what `step` says at the place that it leads to.
void followStep(const MotionPlanes& step, int64_t h, int64_t w, float* dx, float* dy);

/// Replaces each displacement by the opposite of what `back` says at the place that it leads to.
void turnStep(const MotionPlanes& back, int64_t h, int64_t w, float* dx, float* dy);

}  // namespace dff::kernels
