#pragma once
#include <cuda_runtime.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace dff::kernels {

inline void checkCuda(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  throw std::runtime_error(std::string("CUDA, ") + what + ": " + cudaGetErrorString(status));
}

inline cudaStream_t streamOf(void* stream) { return static_cast<cudaStream_t>(stream); }

template <class Body>
__global__ void eachIndex(Body body, int64_t count) {
  const int64_t step = int64_t(gridDim.x) * blockDim.x;
  for (int64_t i = int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += step) body(i);
}

/// Queues body(i) for every i below body.count(). Throws std::runtime_error with CUDA's own words.
template <class Body>
void launchEach(const Body& body, void* stream, const char* name) {
  constexpr int64_t kThreads = 256, kMostBlocks = 1 << 20;
  const int64_t count = body.count();
  if (count <= 0) return;
  const int64_t blocks = std::min(kMostBlocks, (count + kThreads - 1) / kThreads);
  eachIndex<<<unsigned(blocks), unsigned(kThreads), 0, streamOf(stream)>>>(body, count);
  checkCuda(cudaGetLastError(), name);
}

/// Memory on the GPU that is given back, in the stream's order, when it goes out of scope.
class CudaScratch {
 public:
  CudaScratch(size_t bytes, void* stream) : stream_(streamOf(stream)) {
    checkCuda(cudaMallocAsync(&data_, std::max<size_t>(bytes, 1), stream_), "allocation");
  }
  ~CudaScratch() { cudaFreeAsync(data_, stream_); }
  CudaScratch(const CudaScratch&) = delete;

  template <class T>
  T* as() const {
    return static_cast<T*>(data_);
  }

 private:
  void* data_ = nullptr;
  cudaStream_t stream_;
};

}  // namespace dff::kernels
