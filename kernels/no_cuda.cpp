#include <stdexcept>

#include "kernels/correlation_device.h"
#include "kernels/nms_device.h"
#include "kernels/overlay_device.h"
#include "kernels/preprocess_device.h"
#include "kernels/psroi_pool_device.h"
#include "kernels/segment_argmax_device.h"
#include "kernels/warp_device.h"

// The CUDA side of every kernel in a build without CUDA.
namespace dff::kernels {
namespace {
[[noreturn]] void absent() {
  throw std::runtime_error("this program is built without CUDA; move the tensors to the CPU");
}
}  // namespace

void blendBytesCuda(const BlendBytesInput&, void*) { absent(); }
void blendLabelsCuda(const LabelledPicture&, const LabelPaint*, void*) { absent(); }
void flowColorCuda(const FlowColorInput&, uint8_t*, void*) { absent(); }
void segmentArgmaxCuda(const SegmentArgmaxInput&, const SegmentArgmaxOutput&, void*) { absent(); }
void preprocessCuda(const Picture&, const PreprocessOptions&, float*, void*) { absent(); }

template <class T>
void warpCuda(const WarpInput<T>&, T*, void*) {
  absent();
}
template void warpCuda(const WarpInput<float>&, float*, void*);
template void warpCuda(const WarpInput<double>&, double*, void*);
template void warpCuda(const WarpInput<Bf16>&, Bf16*, void*);

template <class T>
void warpBackwardCuda(const WarpInput<T>&, const WarpGradients<T>&, void*) {
  absent();
}
template void warpBackwardCuda(const WarpInput<float>&, const WarpGradients<float>&, void*);
template void warpBackwardCuda(const WarpInput<double>&, const WarpGradients<double>&, void*);

template <class T>
void correlationCuda(const CorrelationInput<T>&, T*, void*) {
  absent();
}
template void correlationCuda(const CorrelationInput<float>&, float*, void*);
template void correlationCuda(const CorrelationInput<double>&, double*, void*);

template <class T>
void correlationBackwardCuda(const CorrelationInput<T>&, const CorrelationGradients<T>&, void*) {
  absent();
}
template void correlationBackwardCuda(const CorrelationInput<float>&, const CorrelationGradients<float>&, void*);
template void correlationBackwardCuda(const CorrelationInput<double>&, const CorrelationGradients<double>&, void*);

template <class T>
void psroiPoolCuda(const PsroiInput<T>&, T*, void*) {
  absent();
}
template void psroiPoolCuda(const PsroiInput<float>&, float*, void*);
template void psroiPoolCuda(const PsroiInput<double>&, double*, void*);

template <class T>
void psroiPoolBackwardCuda(const PsroiInput<T>&, const T*, T*, void*) {
  absent();
}
template void psroiPoolBackwardCuda(const PsroiInput<float>&, const float*, float*, void*);
template void psroiPoolBackwardCuda(const PsroiInput<double>&, const double*, double*, void*);

template <class T>
int64_t nmsCuda(const NmsInput<T>&, int64_t*, void*) {
  absent();
}
template int64_t nmsCuda(const NmsInput<float>&, int64_t*, void*);
template int64_t nmsCuda(const NmsInput<double>&, int64_t*, void*);

}  // namespace dff::kernels
