#pragma once
#include <opencv2/core/mat.hpp>
#include <vector>

#include "core/export/colors.h"

namespace dff {

/// The 55 hues of the Middlebury colour wheel (Baker et al., "A Database and Evaluation Methodology for Optical Flow",
/// IJCV 2011): red to yellow 15, to green 6, to cyan 4, to blue 11, to magenta 13, back to red 6.
std::vector<Rgb> flowColorWheel();

/// Colours flow [h,w] CV_32FC2 (dx, dy): the direction gives the hue, the length the strength, white at rest and pure
/// at `fullLength` (same unit as the flow); what is longer is darkened, unknown flow (not finite, or above 1e9) black.
/// Returns [h,w] CV_8UC3, R, G, B.
cv::Mat colorFlow(const cv::Mat& flow, double fullLength);

}  // namespace dff
