#pragma once
#include <ATen/core/Tensor.h>

#include "kernels/preprocess_options.h"

namespace dff::kernels {

enum class YuvMatrix { Bt601, Bt709 };

/// A picture of 8 bits as decoders give it, chroma at half the resolution both ways (4:2:0) and centred in its four
/// pixels: I420, or NV12 with v = u + 1 and a chromaStep of 2.
struct YuvPicture {
  const uint8_t *y = nullptr, *u = nullptr, *v = nullptr;
  int width = 0, height = 0;              ///< of y; u and v have half of it, rounded up
  int64_t yStride = 0, chromaStride = 0;  ///< bytes from row to row
  int chromaStep = 1;                     ///< bytes from one value of u, or v, to the next
  YuvMatrix matrix = YuvMatrix::Bt601;
  bool fullRange = false;  ///< y from 0 to 255 instead of 16 to 235
};

/// The same as preprocess() without an RGB picture in between: each plane is resized as preprocess() resizes, and what
/// that gives becomes RGB, cut off at 0 and 255, and is normalised. Returns float32 [1,3,paddedHeight,paddedWidth].
/// Throws std::invalid_argument on sizes that do not fit.
at::Tensor preprocessYuv(const YuvPicture& picture, const PreprocessOptions& options);

/// Writes all of out [3,paddedHeight,paddedWidth]; the picture and the options have been checked.
void preprocessYuvCpu(const YuvPicture& picture, const PreprocessOptions& options, float* out);

}  // namespace dff::kernels
