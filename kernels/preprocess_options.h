#pragma once
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

}  // namespace dff::kernels
