#pragma once
#include "kernels/warp_device.h"

namespace dff::kernels {

/// A flow of one picture, h x w, and the size that it gets.
struct EnlargeFlowInput {
  FlowView<const float> flow;
  int64_t h = 0, w = 0, height = 0, width = 0;
};

/// out [2,height,width]
void enlargeFlowCpu(const EnlargeFlowInput& in, float* out);

}  // namespace dff::kernels
