#pragma once
#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>

namespace dff::kernels {

struct PreprocessOptions {
  int outWidth = 0, outHeight = 0;        ///< size of the resized picture
  int paddedWidth = 0, paddedHeight = 0;  ///< size of the tensor; the picture lies at the top left
  std::array<float, 3> mean = {0, 0, 0};  ///< of R, G, B, 0..255
  std::array<float, 3> std = {1, 1, 1};
  bool bgr = false;  ///< the tensor's planes are B, G, R
};

/// An 8-bit picture to network input: resized, (value - mean) / std, padded with 0. Enlarging is bilinear with
/// half-pixel centres; shrinking by more than one takes the mean of the covered area (cv::INTER_AREA), each axis by
/// itself. rgb: rows of width * 3 bytes, rowStride bytes apart. Returns [1,3,paddedHeight,paddedWidth] float32.
/// Throws std::invalid_argument on impossible sizes.
at::Tensor preprocess(const uint8_t* rgb, int width, int height, int64_t rowStride, const PreprocessOptions& options);

}  // namespace dff::kernels
