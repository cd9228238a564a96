#pragma once
#include <ATen/core/Tensor.h>

namespace dff::kernels {

/// The label image to make, and where its picture lies on the logits' grid.
struct SegmentArgmaxOptions {
  int width = 0, height = 0;             ///< of the label image, pixels
  float gridWidth = 0, gridHeight = 0;   ///< the part of the grid that covers the picture, cells; the rest is padding
};

/// Logits straight to a label image: bilinear enlargement and argmax in one pass, without the enlarged logits in
/// between. Pixel x lies at cell (x + 0.5) * gridWidth / width - 0.5, clamped to the grid; y alike. Ties go to the lower
/// class. logits [1,K,h,w] float32, K <= 255, either layout; returns [height,width] uint8.
/// Throws std::invalid_argument on shapes that do not fit.
at::Tensor segmentArgmax(const at::Tensor& logits, const SegmentArgmaxOptions& options);

}  // namespace dff::kernels
