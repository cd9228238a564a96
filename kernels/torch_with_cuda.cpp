#include <c10/cuda/CUDAStream.h>

#include "kernels/layout.h"

namespace dff::kernels {

void* currentCudaStream(const at::Device& device) { return c10::cuda::getCurrentCUDAStream(device.index()).stream(); }

}  // namespace dff::kernels
