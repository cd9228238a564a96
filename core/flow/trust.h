#pragma once
#include <opencv2/core/mat.hpp>

#include "core/model/flow_estimate.h"
#include "core/model/net_input.h"

namespace dff {

/// How far each cell's propagation can be believed, [h,w] CV_32F in 0.001 .. 1.001:
///     inside * exp(-(r / 10)^2) + 0.001,
/// r the mean absolute difference in grey levels of the current picture and the key picture warped along the flow,
/// both averaged to the feature grid, then a 3x3 mean; inside: bilinear share of p + flow(p) within the key picture.
cv::Mat trustMap(const NetInput& key, const NetInput& cur, const at::Tensor& keyFromCur);

}  // namespace dff
