#pragma once
#include <ATen/core/Tensor.h>

#include <cstdint>

namespace dff::kernels {

/// Size of the label image, and the part of the grid of logits that covers it (the rest is padding).
struct SegmentArgmaxOptions {
  int width = 0;
  int height = 0;
  float gridWidth = 0;   ///< cells from the left that cover the image's width; 0: all of them
  float gridHeight = 0;  ///< cells from the top that cover the image's height; 0: all of them
};

/// The class with the largest logit at every pixel, logits enlarged bilinearly (interpolate with align_corners=false:
/// pixel x looks at cell (x + 0.5) * gridWidth / width - 0.5, kept within the grid), ties to the lower class. logits
/// [1,K,h,w] in any layout, K from 1 to 256, computed in float32; returns uint8 [height,width]. Throws
/// std::invalid_argument on shapes and sizes that do not fit.
at::Tensor segmentArgmax(const at::Tensor& logits, const SegmentArgmaxOptions& options);

struct LabelsAndMargins {
  at::Tensor labels;   ///< uint8 [height,width]
  at::Tensor margins;  ///< float32 [height,width]
};

/// The same labels, and how sure they are, in one pass: at every pixel the probability (softmax of the enlarged logits)
/// of the label less that of the second best class, 0..1; 1 where there is only one class, 0 where the logits are not
/// numbers or the best of them is infinite.
LabelsAndMargins segmentArgmaxMargin(const at::Tensor& logits, const SegmentArgmaxOptions& options);

/// Either for logits on the CPU, into memory of height * width values each; margins only if there is memory for them.
void segmentArgmax(const at::Tensor& logits, const SegmentArgmaxOptions& options, uint8_t* labels,
                   float* margins = nullptr);

}  // namespace dff::kernels
