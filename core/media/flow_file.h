#pragma once
#include <filesystem>
#include <opencv2/core/mat.hpp>

namespace dff {

/// Writes a flow field [H,W] CV_32FC2 (u, v) as Middlebury .flo: float32 202021.25, int32 width, height, interleaved
/// u v. Throws Error when it cannot be written.
void writeFlo(const std::filesystem::path& path, const cv::Mat& flow);

/// Reads one; throws Error when the file is no .flo, damaged or truncated.
cv::Mat readFlo(const std::filesystem::path& path);

}  // namespace dff
