#pragma once
#include <ATen/core/Tensor.h>

namespace dff::kernels {

struct PsroiPoolOptions {
  int64_t group = 7;              ///< k: a region is divided into k x k bins
  double spatialScale = 1. / 16;  ///< cells of the map a pixel
};

/// Position-sensitive pooling (R-FCN): bin (gy, gx) of output o is the mean of channel (o * k + gy) * k + gx over the
/// cells that the bin covers, 0 where it covers none. maps [N, O*k*k, H, W] float32 or float64 (or bfloat16) in any
/// layout; rois [R,5] of the same type: index of the image, then x1, y1, x2, y2 in pixels, last pixel included.
/// Returns [R,O,k,k]. Differentiable in the maps; regions are constants. Throws std::invalid_argument on shapes that do
/// not fit and on an image index that is not there.
at::Tensor psroiPool(const at::Tensor& maps, const at::Tensor& rois, const PsroiPoolOptions& options);

}  // namespace dff::kernels
