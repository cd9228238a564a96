#pragma once
#include <cstdint>

namespace dff::kernels {

/// A transposed convolution of 4x4 taps, stride 2 and padding 1 as a matrix product: each input cell times the 16 taps
/// of each output channel, then every output cell gathers the four products that reach it.
struct DeconvolutionShape {
  int64_t h = 0, w = 0;        ///< of the input
  int64_t outH = 0, outW = 0;  ///< of the result, up to 2h and 2w: the rest is cut off
  int64_t channels = 0;        ///< of the result
};

/// products [h,w,16,channels], tap 4 ky + kx -> result [outH,outW,channels]: bias [channels], and what lies below 0
/// times `slope`.
void gatherDeconvolution(const DeconvolutionShape& shape, const float* products, const float* bias, float slope,
                         float* result);

}  // namespace dff::kernels
