#pragma once
#include <array>
#include <opencv2/core/mat.hpp>

namespace dff {

/// The picture in darkened grey with `color` (R, G, B) where two segmentations name different classes. Pixels where
/// either holds no class (a value of `classes` or more) stay as they are, darker still: there is nothing to compare.
/// picture [H,W] CV_8UC3; labels [H,W] CV_8U of the same size, throws Error otherwise.
cv::Mat paintDifference(const cv::Mat& picture, const std::array<cv::Mat, 2>& labels, int classes,
                        const std::array<uint8_t, 3>& color);

}  // namespace dff
