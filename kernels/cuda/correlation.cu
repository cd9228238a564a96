#include "kernels/correlation_body.h"
#include "kernels/cuda/launch.cuh"

namespace dff::kernels {

template <class T>
void correlationCuda(const CorrelationInput<T>& in, T* out, void* stream) {
  launchEach(CorrelationBody<T>{in, out}, stream, "correlation");
}
template void correlationCuda(const CorrelationInput<float>&, float*, void*);
template void correlationCuda(const CorrelationInput<double>&, double*, void*);

template <class T>
void correlationBackwardCuda(const CorrelationInput<T>& in, const CorrelationGradients<T>& grad, void* stream) {
  if (grad.cur)
    launchEach(CorrelationBackwardBody<T>{in, grad.out, in.key, grad.cur, 1}, stream, "correlation backward");
  if (grad.key)
    launchEach(CorrelationBackwardBody<T>{in, grad.out, in.cur, grad.key, -1}, stream, "correlation backward");
}
template void correlationBackwardCuda(const CorrelationInput<float>&, const CorrelationGradients<float>&, void*);
template void correlationBackwardCuda(const CorrelationInput<double>&, const CorrelationGradients<double>&, void*);

}  // namespace dff::kernels
