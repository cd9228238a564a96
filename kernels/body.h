#pragma once
#include <cstdint>
#include <cstring>

#include "kernels/simd.h"

/// DFF_BODY marks what computes one index of a kernel: nvcc builds it for the launch on a GPU, g++ for the CPU's own
/// loops and for the tests that run every index. Headers of bodies keep to C++17.
#ifdef __CUDACC__
#define DFF_BODY __host__ __device__ __forceinline__
#else
#define DFF_BODY DFF_INLINE
#endif

namespace dff::kernels {

/// `sum += value` where others may add to the same place at the same time.
template <class T>
DFF_BODY void addTo(T* sum, T value) {
#ifdef __CUDA_ARCH__
  atomicAdd(sum, value);
#else
  *sum += value;
#endif
}

struct Split {
  int64_t quotient, rest;
};

/// Division of indices; 64-bit division is slow on a GPU and seldom needed.
DFF_BODY Split split(int64_t index, int64_t by) {
  if (index <= UINT32_MAX && by <= UINT32_MAX) {
    const uint32_t q = uint32_t(index) / uint32_t(by);
    return {int64_t(q), int64_t(uint32_t(index) - q * uint32_t(by))};
  }
  return {index / by, index % by};
}

}  // namespace dff::kernels
