#pragma once
#include <cstdint>

#include "kernels/bf16.h"

namespace dff::kernels {

/// A flow [N,2,H,W] in any layout; strides in elements.
template <class T>
struct FlowView {
  T* data = nullptr;
  int64_t strideN = 0, strideC = 0, strideY = 0, strideX = 0;

  DFF_BODY int64_t offset(int64_t n, int64_t y, int64_t x) const { return n * strideN + y * strideY + x * strideX; }
};

/// What warp reads: feature and scale (null: one) dense, both NHWC or both NCHW; the flow of a bfloat16 map is float.
template <class T>
struct WarpInput {
  const T* feature = nullptr;
  const T* scale = nullptr;
  FlowView<const Computed<T>> flow;
  int64_t n = 0, c = 0, h = 0, w = 0;
  bool channelsLast = false;
};

/// Where the gradients go, null where none is asked for; feature must hold zeros. All but the flow laid out like the
/// input.
template <class T>
struct WarpGradients {
  const T* out = nullptr;
  T* feature = nullptr;
  T* scale = nullptr;
  FlowView<T> flow;
};

/// Defined for float and double, forward for Bf16 as well.
template <class T>
void warpCpu(const WarpInput<T>& in, T* out);
template <class T>
void warpBackwardCpu(const WarpInput<T>& in, const WarpGradients<T>& grad);
template <class T>
void warpCuda(const WarpInput<T>& in, T* out, void* stream);
template <class T>
void warpBackwardCuda(const WarpInput<T>& in, const WarpGradients<T>& grad, void* stream);

}  // namespace dff::kernels
