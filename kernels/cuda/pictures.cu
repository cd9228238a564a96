#include "kernels/blend_body.h"
#include "kernels/cuda/launch.cuh"
#include "kernels/flow_color_body.h"
#include "kernels/preprocess_body.h"
#include "kernels/segment_argmax_body.h"

// What turns pictures into the networks' input and their output into pictures.
namespace dff::kernels {

void preprocessCuda(const Picture& picture, const PreprocessOptions& options, float* out, void* stream) {
  launchEach(PreprocessBody(picture, options, out), stream, "preprocess");
}

void segmentArgmaxCuda(const SegmentArgmaxInput& in, const SegmentArgmaxOutput& out, void* stream) {
  launchEach(SegmentArgmaxBody{in, out}, stream, "segmentArgmax");
}

void blendBytesCuda(const BlendBytesInput& in, void* stream) { launchEach(BlendBytesBody{in}, stream, "blendBytes"); }

void blendLabelsCuda(const LabelledPicture& picture, const LabelPaint* paint, void* stream) {
  launchEach(BlendLabelsBody{picture, paint}, stream, "blendLabels");
}

void flowColorCuda(const FlowColorInput& in, uint8_t* rgb, void* stream) {
  launchEach(FlowColorBody{in, rgb}, stream, "flowColor");
}

}  // namespace dff::kernels
