#pragma once
#include <ATen/core/Tensor.h>

namespace dff::kernels {

/// Moves the key frame's feature map to the current frame (paper section 3): for every cell p,
///     out(p) = scale(p) * bilinear(feature, p + keyFromCur(p)),
/// where a neighbour outside the map counts as 0 (grid_sampler: bilinear, zeros, align_corners=true).
/// feature [N,C,H,W] float32, float64 or bfloat16 (computed in float32); keyFromCur [N,2,H,W] of the same type, beside
/// bfloat16 of any, in feature cells, (dx, dy), a position of the current frame to the key frame; scale [N,C,H,W] or
/// undefined, which means one. A flow that is not finite samples outside. Both layouts are computed in place;
/// channels_last is the faster one. Differentiable in all three. Throws dff-style std::invalid_argument on shapes that
/// do not fit.
at::Tensor warp(const at::Tensor& feature, const at::Tensor& keyFromCur, const at::Tensor& scale = {});

}  // namespace dff::kernels
