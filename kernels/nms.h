#pragma once
#include <ATen/core/Tensor.h>

namespace dff::kernels {

/// Greedy non-maximum suppression: boxes are taken in descending score (ties: the earlier one) and dropped where they
/// overlap a taken one by more than `iouAbove`. Sides count pixels: width = x2 - x1 + 1, as in R-FCN. boxes [N,4] x1,
/// y1, x2, y2 float32 or float64; scores [N] of the same type, what is not a number comes last. Returns int64 indices
/// of the taken ones, best first, at most `atMost` (-1: all). Throws std::invalid_argument on shapes that do not fit.
at::Tensor nms(const at::Tensor& boxes, const at::Tensor& scores, double iouAbove, int64_t atMost = -1);

}  // namespace dff::kernels
