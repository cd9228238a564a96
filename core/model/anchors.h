#pragma once
#include <cstdint>
#include <vector>

#include "core/model/box.h"
#include "core/model/detection_spec.h"

namespace dff {

/// The boxes that a detector starts from: the same few shapes at every cell of a feature map. They are numbered by row,
/// column, shape; a shape is ratio * sizes + size.
struct AnchorGrid {
  std::vector<Box> shapes;  ///< at the first cell
  int stride = 1;           ///< pixels a cell
  int64_t rows = 0, columns = 0;

  int64_t size() const { return rows * columns * int64_t(shapes.size()); }
  Box at(int64_t y, int64_t x, size_t shape) const {
    const Box& s = shapes[shape];
    const float dx = float(x * stride), dy = float(y * stride);
    return {s.x1 + dx, s.y1 + dy, s.x2 + dx, s.y2 + dy};
  }
  Box at(int64_t index) const {
    const int64_t n = int64_t(shapes.size()), cell = index / n;
    return at(cell / columns, cell % columns, size_t(index % n));
  }
};

/// The anchors of a map of `rows` x `columns` cells, centred on the cells.
AnchorGrid makeAnchors(const DetectionSpec& spec, int stride, int64_t rows, int64_t columns);

}  // namespace dff
