#include "core/model/box.h"

#include <cmath>

namespace dff {
namespace {

float centre(float first, float size) { return first + 0.5f * (size - 1); }

}  // namespace

Box clipped(const Box& b, cv::Size picture) {
  const float right = float(picture.width - 1), bottom = float(picture.height - 1);
  const auto within = [](float value, float most) { return std::max(0.f, std::min(value, most)); };
  return {within(b.x1, right), within(b.y1, bottom), within(b.x2, right), within(b.y2, bottom)};
}

std::array<float, 4> encoded(const Box& box, const Box& from, const std::array<float, 4>& stds) {
  const float w = from.width(), h = from.height();
  const float dx = (centre(box.x1, box.width()) - centre(from.x1, w)) / w;
  const float dy = (centre(box.y1, box.height()) - centre(from.y1, h)) / h;
  return {dx / stds[0], dy / stds[1], std::log(box.width() / w) / stds[2], std::log(box.height() / h) / stds[3]};
}

Box decoded(const float deltas[4], const Box& from, const std::array<float, 4>& stds, double mostGrowth) {
  const float w = from.width(), h = from.height(), most = float(mostGrowth);
  const float cx = centre(from.x1, w) + deltas[0] * stds[0] * w, cy = centre(from.y1, h) + deltas[1] * stds[1] * h;
  const float width = std::exp(std::min(deltas[2] * stds[2], most)) * w;
  const float height = std::exp(std::min(deltas[3] * stds[3], most)) * h;
  return {cx - 0.5f * (width - 1), cy - 0.5f * (height - 1), cx + 0.5f * (width - 1), cy + 0.5f * (height - 1)};
}

}  // namespace dff
