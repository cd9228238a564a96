#pragma once
#include <algorithm>
#include <array>
#include <opencv2/core/types.hpp>

namespace dff {

/// A box in pixels of the network's input as R-FCN counts: the last pixel belongs to it, a side is x2 - x1 + 1.
struct Box {
  float x1 = 0, y1 = 0, x2 = 0, y2 = 0;

  float width() const { return x2 - x1 + 1; }
  float height() const { return y2 - y1 + 1; }
  float area() const { return width() * height(); }
};

/// The same box as a rectangle whose right side is its left plus its width, and back.
inline Box boxOf(const cv::Rect2f& r) { return {r.x, r.y, r.x + r.width - 1, r.y + r.height - 1}; }
inline cv::Rect2f rectOf(const Box& b) { return {b.x1, b.y1, b.width(), b.height()}; }

/// Pixels that two boxes share.
inline float intersection(const Box& a, const Box& b) {
  const float width = std::min(a.x2, b.x2) - std::max(a.x1, b.x1) + 1;
  const float height = std::min(a.y2, b.y2) - std::max(a.y1, b.y1) + 1;
  return width > 0 && height > 0 ? width * height : 0;
}

/// Intersection over union.
inline float iou(const Box& a, const Box& b) {
  const float shared = intersection(a, b);
  return shared / (a.area() + b.area() - shared);
}

/// The box moved into the picture.
Box clipped(const Box& box, cv::Size picture);

/// A box as a correction (dx, dy, dw, dh) of another, in units of `stds`: the centre's shift by size, the logarithm of
/// the size's growth.
std::array<float, 4> encoded(const Box& box, const Box& from, const std::array<float, 4>& stds);

/// The box that a correction makes of another; growth is limited to e^mostGrowth, so that a network gone astray gives
/// numbers.
Box decoded(const float deltas[4], const Box& from, const std::array<float, 4>& stds, double mostGrowth = 4);

}  // namespace dff
