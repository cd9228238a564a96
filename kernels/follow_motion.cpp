#include "kernels/follow_motion.h"

#include <algorithm>

#include "kernels/check.h"
#include "kernels/follow_motion_device.h"
#include "kernels/reused.h"

namespace dff::kernels {
namespace {

constexpr int kRounds = 4;

void requireMotion(const at::Tensor& motion, int64_t dimensions, const char* who) {
  require(motion.defined() && motion.dim() == dimensions && motion.size(-3) == 2 && motion.numel() > 0 &&
              (dimensions == 3 || motion.size(0) == 1) && motion.is_contiguous() &&
              motion.scalar_type() == at::kFloat && motion.is_cpu(),
          who, ": a motion must be float32 of two planes on the CPU");
}

MotionPlanes planesOf(const at::Tensor& motion) {
  const float* dx = motion.data_ptr<float>();
  return {dx, dx + motion.size(-2) * motion.size(-1)};
}

/// The mean of each 2x2 in cells twice as wide; a last row or column that is alone counts twice.
void halvePlane(const float* from, int64_t h, int64_t w, float* to) {
  for (int64_t y = 0; y < h; y += 2) {
    const float *upper = from + y * w, *lower = from + std::min(y + 1, h - 1) * w;
    for (int64_t x = 0; x < w; x += 2) {
      const int64_t right = std::min(x + 1, w - 1);
      *to++ = (upper[x] + upper[right] + lower[x] + lower[right]) / 8;
    }
  }
}

at::Tensor room(int64_t h, int64_t w) { return reusedTensor({1, 2, h, w}, at::TensorOptions(at::kFloat)); }

}  // namespace

at::Tensor followedBack(std::span<const at::Tensor> steps) {
  require(!steps.empty(), "followedBack: without a step the grid is not known");
  requireMotion(steps[0], 3, "followedBack");
  const int64_t h = steps[0].size(1), w = steps[0].size(2);
  at::Tensor all = room(h, w);
  float* dx = all.data_ptr<float>();
  std::fill_n(dx, 2 * h * w, 0.f);
  for (const auto& step : steps) {
    requireMotion(step, 3, "followedBack");
    require(step.sizes() == steps[0].sizes(), "followedBack: all steps must have one grid");
    followStep(planesOf(step), h, w, dx, dx + h * w);
  }
  return all;
}

at::Tensor turnedRound(const at::Tensor& back) {
  requireMotion(back, 4, "turnedRound");
  const int64_t h = back.size(2), w = back.size(3);
  at::Tensor forth = room(h, w);
  float* dx = forth.data_ptr<float>();
  std::fill_n(dx, 2 * h * w, 0.f);
  for (int round = 0; round <= kRounds; ++round) turnStep(planesOf(back), h, w, dx, dx + h * w);  // the first: -back
  return forth;
}

at::Tensor halvedMotion(const at::Tensor& motion) {
  requireMotion(motion, 4, "halvedMotion");
  at::Tensor half = room((motion.size(2) + 1) / 2, (motion.size(3) + 1) / 2);
  const MotionPlanes from = planesOf(motion);
  float* to = half.data_ptr<float>();
  halvePlane(from.dx, motion.size(2), motion.size(3), to);
  halvePlane(from.dy, motion.size(2), motion.size(3), to + half.size(2) * half.size(3));
  return half;
}

}  // namespace dff::kernels
