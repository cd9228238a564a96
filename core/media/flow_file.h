#pragma once
#include <filesystem>
#include <opencv2/core/mat.hpp>

namespace dff {

/// Writes a flow field [H,W] CV_32FC2 (u, v) as Middlebury .flo: float32 202021.25, int32 width, height, interleaved
/// u v. Throws Error when it cannot be written.
void writeFlo(const std::filesystem::path& path, const cv::Mat& flow);

/// Reads one; throws Error when the file is no .flo, damaged or truncated.
cv::Mat readFlo(const std::filesystem::path& path);

/// Writes flow [H,W] CV_32FC2 in pixels as KITTI does: a 16-bit PNG with R = 64 u + 2^15, G the same of v, B = 1 where
/// it is known. Steps of 1/64 pixel; what lies beyond 511 pixels or is no number is marked as not known.
void writeKittiFlow(const std::filesystem::path& path, const cv::Mat& flow);

/// Reads one; what is not known is NaN. Throws Error when it is no 16-bit colour PNG.
cv::Mat readKittiFlow(const std::filesystem::path& path);

/// Flow of feature cells as flow of pixels: `cells` [h,w] CV_32FC2 in cells, of which the upper left `grid`
/// (fractional) cover a picture of `size`; bilinear between the centres of cells.
cv::Mat pixelFlow(const cv::Mat& cells, cv::Size2f grid, cv::Size size);

}  // namespace dff
