#pragma once
#include <opencv2/core.hpp>

namespace dff::motion {

/// For every pixel the column of its row to take instead: itself where `missing` is 0, else mirrored at the border of
/// the gap; rows without any pixel take the row above (or below). CV_16SC2 (x, y).
cv::Mat fillSources(const cv::Mat& missing);

/// `image` (CV_8UC1 or CV_8UC3) with each pixel taken from its source.
cv::Mat takeFrom(const cv::Mat& image, const cv::Mat& sources);

}  // namespace dff::motion
