#pragma once
#include "kernels/blend.h"
#include "kernels/flow_color.h"

namespace dff::kernels {

/// What blendBytes() takes.
struct BlendBytesInput {
  uint8_t* picture = nullptr;
  const uint8_t* color = nullptr;
  const uint8_t* alpha = nullptr;
  int64_t count = 0;
};

/// The same on the GPU; all that they point to, the paint as well, lies there.
void blendBytesCuda(const BlendBytesInput& in, void* stream);
void blendLabelsCuda(const LabelledPicture& picture, const LabelPaint* paint, void* stream);
void flowColorCuda(const FlowColorInput& in, uint8_t* rgb, void* stream);

}  // namespace dff::kernels
