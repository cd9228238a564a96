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
  const int64_t h = motion.size(2), w = motion.size(3), rows = (h + 1) / 2, columns = (w + 1) / 2;
  at::Tensor half = room(rows, columns);
  const float* from = motion.data_ptr<float>();
  float* to = half.data_ptr<float>();
  for (int64_t y = 0; y < 2 * rows; ++y) {  // of both planes, one after the other
    const int64_t upper = y / rows * h + y % rows * 2, lower = upper + (y % rows * 2 + 1 < h ? 1 : 0);
    for (int64_t x = 0; x < columns; ++x) {
      const int64_t left = 2 * x, right = std::min(left + 1, w - 1);
      const float sum =
          from[upper * w + left] + from[upper * w + right] + from[lower * w + left] + from[lower * w + right];
      to[y * columns + x] = sum / 8;  // the mean of four, in cells twice as wide
    }
  }
  return half;
}

}  // namespace dff::kernels
