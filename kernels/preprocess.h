#pragma once
#include <ATen/core/Tensor.h>

#include "kernels/preprocess_options.h"

namespace dff::kernels {

/// An RGB picture of 8 bits a channel, rows rowStride bytes apart, resized and normalised: (value - mean) / std.
/// An axis that grows is resized bilinearly (half-pixel centres, border repeated), one that shrinks by the mean over
/// the pixels, whole or in part, that an output pixel covers (a box filter, cv::INTER_AREA); one that stays is not
/// touched. Returns float32 [1,3,paddedHeight,paddedWidth]. Throws std::invalid_argument on sizes that do not fit.
at::Tensor preprocess(const uint8_t* rgb, int width, int height, int64_t rowStride, const PreprocessOptions& options);

}  // namespace dff::kernels
