#include <stdexcept>

#include "kernels/layout.h"

// Where LibTorch is built without CUDA no tensor can lie on a GPU; the kernels can still be called with raw pointers.
namespace dff::kernels {

void* currentCudaStream(const at::Device&) {
  throw std::runtime_error("this program is built without CUDA; move the tensors to the CPU");
}

}  // namespace dff::kernels
