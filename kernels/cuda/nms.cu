#include "kernels/cuda/launch.cuh"
#include "kernels/nms_body.h"

namespace dff::kernels {
namespace {

constexpr unsigned kThreads = 256;

struct BlockSync {
  __device__ void operator()() const { __syncthreads(); }
};

template <class T>
__global__ void sweep(NmsSweepBody<T> body, int64_t* taken) {
  const int64_t count = body(int(threadIdx.x), int(blockDim.x), BlockSync());
  if (threadIdx.x == 0) *taken = count;
}

}  // namespace

template <class T>
int64_t nmsCuda(const NmsInput<T>& in, int64_t* indices, void* stream) {
  if (in.count == 0) return 0;
  const size_t words = size_t(nmsWords(in.count)), bytes = words * sizeof(uint64_t);
  const CudaScratch mask(size_t(in.count) * bytes, stream), removed(bytes, stream), taken(sizeof(int64_t), stream);
  checkCuda(cudaMemsetAsync(removed.as<void>(), 0, bytes, streamOf(stream)), "nms");
  launchEach(NmsMaskBody<T>{in, mask.as<uint64_t>()}, stream, "nms");
  const NmsSweepBody<T> body{in, mask.as<uint64_t>(), removed.as<uint64_t>(), indices};
  sweep<T><<<1, kThreads, 0, streamOf(stream)>>>(body, taken.as<int64_t>());
  checkCuda(cudaGetLastError(), "nms");
  int64_t count = 0;
  checkCuda(cudaMemcpyAsync(&count, taken.as<void>(), sizeof count, cudaMemcpyDeviceToHost, streamOf(stream)), "nms");
  checkCuda(cudaStreamSynchronize(streamOf(stream)), "nms");
  return count;
}
template int64_t nmsCuda(const NmsInput<float>&, int64_t*, void*);
template int64_t nmsCuda(const NmsInput<double>&, int64_t*, void*);

}  // namespace dff::kernels
