#pragma once
#include <opencv2/core/mat.hpp>
#include <span>

#include "core/flow/flow_source.h"

namespace dff {

/// Motion from a frame to the one before it, [2,2h,2w] float (dx, dy) on a grid twice as fine as the feature map's, in
/// its cells.
using StepMotion = at::Tensor;

/// A field [rows,columns] CV_32FC2 of motion in pixels, whose cells lie side by side over a frame of `frame` pixels.
StepMotion stepOf(const cv::Mat& field, cv::Size frame, const CellGrid& grid);

/// The motion of a frame back through `steps`, newest first, to an earlier one, and of that one to it where `turned`;
/// nothing moves without a step.
FlowEstimate estimateAlong(std::span<const StepMotion> steps, const CellGrid& grid, bool turned);

}  // namespace dff
