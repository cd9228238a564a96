#include "core/model/anchors.h"

#include <cmath>

namespace dff {
namespace {

struct Sides {
  double width, height;
};

Sides sides(double size, double ratio, int base) {
  if (base == 0) return {size / std::sqrt(ratio), size * std::sqrt(ratio)};
  const double width = std::floor(std::sqrt(std::floor(base * base / ratio)) + 0.5);
  const double height = std::floor(width * ratio + 0.5);
  return {width * size / base, height * size / base};
}

}  // namespace

AnchorGrid makeAnchors(const DetectionSpec& spec, int stride, int64_t rows, int64_t columns) {
  AnchorGrid grid{{}, stride, rows, columns};
  const float centre = float(stride - 1) / 2;
  for (const double ratio : spec.anchorRatios)
    for (const double size : spec.anchorSizes) {
      const auto [width, height] = sides(size, ratio, spec.anchorBase);
      const float halfWidth = float(width - 1) / 2, halfHeight = float(height - 1) / 2;
      grid.shapes.push_back({centre - halfWidth, centre - halfHeight, centre + halfWidth, centre + halfHeight});
    }
  return grid;
}

}  // namespace dff
