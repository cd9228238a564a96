#pragma once
#include "kernels/body.h"

namespace dff::kernels {

/// What correlation reads: cur and key dense, both NHWC or both NCHW.
template <class T>
struct CorrelationInput {
  const T* cur = nullptr;
  const T* key = nullptr;
  int64_t n = 0, c = 0, h = 0, w = 0;
  int64_t radius = 0;
  bool channelsLast = false;

  DFF_BODY int64_t side() const { return 2 * radius + 1; }
  DFF_BODY int64_t displacements() const { return side() * side(); }
};

/// Gradient of the volume (laid out like the input) and where those of cur and key go; null where not asked for.
template <class T>
struct CorrelationGradients {
  const T* out = nullptr;
  T* cur = nullptr;
  T* key = nullptr;
};

/// Defined for float and double.
template <class T>
void correlationCpu(const CorrelationInput<T>& in, T* out);
template <class T>
void correlationBackwardCpu(const CorrelationInput<T>& in, const CorrelationGradients<T>& grad);
template <class T>
void correlationCuda(const CorrelationInput<T>& in, T* out, void* stream);
template <class T>
void correlationBackwardCuda(const CorrelationInput<T>& in, const CorrelationGradients<T>& grad, void* stream);

}  // namespace dff::kernels
