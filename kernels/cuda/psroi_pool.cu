#include "kernels/cuda/launch.cuh"
#include "kernels/psroi_pool_body.h"

namespace dff::kernels {

template <class T>
void psroiPoolCuda(const PsroiInput<T>& in, T* out, void* stream) {
  launchEach(PsroiForwardBody<T>{in, out}, stream, "psroiPool");
}
template void psroiPoolCuda(const PsroiInput<float>&, float*, void*);
template void psroiPoolCuda(const PsroiInput<double>&, double*, void*);

template <class T>
void psroiPoolBackwardCuda(const PsroiInput<T>& in, const T* gradOut, T* gradMaps, void* stream) {
  launchEach(PsroiBackwardBody<T>{in, gradOut, gradMaps}, stream, "psroiPool backward");
}
template void psroiPoolBackwardCuda(const PsroiInput<float>&, const float*, float*, void*);
template void psroiPoolBackwardCuda(const PsroiInput<double>&, const double*, double*, void*);

}  // namespace dff::kernels
