#pragma once
#include <ATen/core/Tensor.h>

namespace dff::kernels {

/// A flow [1,2,h,w] float in any layout -> [1,2,height,width] in the cells of that finer grid: enlarged bilinearly
/// (half-pixel centres, as interpolate with align_corners=false), times width / w and height / h, and what leads
/// outside led to the border. What is not a number stays none. Not differentiable.
at::Tensor enlargeFlow(const at::Tensor& flow, int64_t height, int64_t width);

}  // namespace dff::kernels
