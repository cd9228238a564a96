#include "kernels/cuda/launch.cuh"
#include "kernels/warp_body.h"

namespace dff::kernels {
namespace {

constexpr int kGroup = 32;  // threads that share a cell in the backward
constexpr int kCellsABlock = 8;

template <class T>
bool isAligned(const T* place, size_t bytes) {
  return reinterpret_cast<uintptr_t>(place) % bytes == 0;
}

/// Whether channels can be read kLanes at a time.
template <class T, int kLanes>
bool fits(const WarpInput<T>& in, const T* out) {
  constexpr size_t kBytes = kLanes * sizeof(T);
  return in.channelsLast && in.c % kLanes == 0 && isAligned(in.feature, kBytes) && isAligned(out, kBytes) &&
         isAligned(in.scale, kBytes);
}

template <class T>
__global__ void backwardCells(WarpBackwardBody<T> body) {
  __shared__ T shares[kCellsABlock][2 * kGroup];
  const int64_t cell = int64_t(blockIdx.x) * kCellsABlock + threadIdx.y;
  T* own = shares[threadIdx.y];
  if (cell < body.cells()) body.channels(cell, int(threadIdx.x), kGroup, own);
  __syncthreads();
  if (cell < body.cells() && threadIdx.x == 0) body.sum(cell, kGroup, own);
}

}  // namespace

template <class T>
void warpCuda(const WarpInput<T>& in, T* out, void* stream) {
  constexpr int kLanes = 16 / sizeof(T);  // what one thread reads best
  if (fits<T, kLanes>(in, out)) return launchEach(WarpForwardBody<T, kLanes>{in, out}, stream, "warp");
  launchEach(WarpForwardBody<T, 1>{in, out}, stream, "warp");
}
template void warpCuda(const WarpInput<float>&, float*, void*);
template void warpCuda(const WarpInput<double>&, double*, void*);
template void warpCuda(const WarpInput<Bf16>&, Bf16*, void*);

template <class T>
void warpBackwardCuda(const WarpInput<T>& in, const WarpGradients<T>& grad, void* stream) {
  const WarpBackwardBody<T> body{in, grad};
  if (body.cells() == 0) return;
  const unsigned blocks = unsigned((body.cells() + kCellsABlock - 1) / kCellsABlock);
  backwardCells<T><<<blocks, dim3(kGroup, kCellsABlock), 0, streamOf(stream)>>>(body);
  checkCuda(cudaGetLastError(), "warp backward");
}
template void warpBackwardCuda(const WarpInput<float>&, const WarpGradients<float>&, void*);
template void warpBackwardCuda(const WarpInput<double>&, const WarpGradients<double>&, void*);

}  // namespace dff::kernels
