#pragma once
#include <ATen/core/Tensor.h>

namespace dff::kernels {

/// The layout a kernel works in for this tensor: NHWC if it lies so in memory, else NCHW.
inline at::MemoryFormat layoutOf(const at::Tensor& t) {
  return t.size(1) > 1 && t.is_contiguous(at::MemoryFormat::ChannelsLast) ? at::MemoryFormat::ChannelsLast
                                                                          : at::MemoryFormat::Contiguous;
}

/// The stream that work for this device is to be queued on. Throws where the program is built without CUDA.
void* currentCudaStream(const at::Device& device);

}  // namespace dff::kernels
