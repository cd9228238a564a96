#pragma once
#include "kernels/preprocess_options.h"

namespace dff::kernels {

struct Picture {
  const uint8_t* rgb = nullptr;
  int64_t width = 0, height = 0, rowStride = 0;
};

/// Writes all of out [3,paddedHeight,paddedWidth]; the picture and the options have been checked.
void preprocessCpu(const Picture& picture, const PreprocessOptions& options, float* out);
void preprocessCuda(const Picture& picture, const PreprocessOptions& options, float* out, void* stream);

}  // namespace dff::kernels
