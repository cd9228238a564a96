#pragma once
#include <opencv2/core/mat.hpp>
#include <span>

#include "core/flow/flow_source.h"

namespace dff {

/// A field [h,w] CV_32FC2 of motion to the frame before, in pixels, whose cells lie side by side over a frame of
/// `size`.
struct StepField {
  cv::Mat field;
  cv::Size2d size;
};

/// Follows every cell's centre back through `steps`, newest first: where it was so many frames before, less where it
/// is, [rows,columns] CV_32FC2 in cells. No step is no motion.
cv::Mat followedBack(std::span<const StepField> steps, const CellGrid& grid);

/// The other direction: `back` takes positions of a later frame to this one; the result takes this frame's to the later
/// one. Found by iteration, which is exact where `back` is smooth.
cv::Mat turnedRound(const cv::Mat& back);

/// A flow in cells as the estimate of a source without scale map.
FlowEstimate estimateOf(const cv::Mat& cells);

}  // namespace dff
