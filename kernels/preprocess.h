#pragma once
#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>

namespace dff::kernels {

/// From the picture to a network's input. mean and std are in the order of the output's channels, for values 0 to 255.
struct PreprocessOptions {
  int outWidth = 0;  ///< the resized picture
  int outHeight = 0;
  int paddedWidth = 0;  ///< the input of the network; what the picture leaves free on the right and below is 0
  int paddedHeight = 0;
  std::array<float, 3> mean = {0, 0, 0};
  std::array<float, 3> std = {1, 1, 1};
  bool bgr = false;  ///< blue first in the output
};

/// An RGB picture of 8 bits a channel, rows rowStride bytes apart, resized and normalised: (value - mean) / std.
/// An axis that grows is resized bilinearly (half-pixel centres, border repeated), one that shrinks by the mean over
/// the pixels, whole or in part, that an output pixel covers (a box filter, cv::INTER_AREA); one that stays is not
/// touched. Returns float32 [1,3,paddedHeight,paddedWidth]. Throws std::invalid_argument on sizes that do not fit.
at::Tensor preprocess(const uint8_t* rgb, int width, int height, int64_t rowStride, const PreprocessOptions& options);

}  // namespace dff::kernels
