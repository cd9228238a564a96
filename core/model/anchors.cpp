#include "core/model/anchors.h"

#include <cmath>

namespace dff {

AnchorGrid makeAnchors(const DetectionSpec& spec, int stride, int64_t rows, int64_t columns) {
  AnchorGrid grid{{}, stride, rows, columns};
  const float centre = float(stride - 1) / 2;
  for (const double ratio : spec.anchorRatios)
    for (const double size : spec.anchorSizes) {
      const float halfWidth = float(size / std::sqrt(ratio) - 1) / 2,
                  halfHeight = float(size * std::sqrt(ratio) - 1) / 2;
      grid.shapes.push_back({centre - halfWidth, centre - halfHeight, centre + halfWidth, centre + halfHeight});
    }
  return grid;
}

}  // namespace dff
