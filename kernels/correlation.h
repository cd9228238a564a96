#pragma once
#include <ATen/core/Tensor.h>

namespace dff::kernels {

/// Cost volume of two feature maps (FlowNet-C, Dosovitskiy et al. 2015, section 3), for displacements in a square:
///     out(d, p) = mean over c of cur(c, p) * key(c, p + delta_d),  0 where p + delta_d lies outside,
/// delta_d = (d mod (2r+1) - r, d div (2r+1) - r), x first. cur, key [N,C,H,W] float32 or float64;
/// returns [N,(2r+1)^2,H,W] in cur's memory format. Differentiable in both.
at::Tensor correlation(const at::Tensor& cur, const at::Tensor& key, int radius);

}  // namespace dff::kernels
