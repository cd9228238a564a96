#pragma once
#include <filesystem>
#include <opencv2/core/types.hpp>

namespace dff {

/// Size of an image as it is displayed, from its header where that says it (PNG, JPEG), else by decoding it.
/// 0 x 0 when it cannot be read.
cv::Size imageSize(const std::filesystem::path& file);

}  // namespace dff
