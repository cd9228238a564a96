#include "kernels/segment_argmax.h"

#include <torch/torch.h>

#include "kernels/check.h"
#include "kernels/layout.h"
#include "kernels/reused.h"
#include "kernels/segment_argmax_device.h"

namespace dff::kernels {
namespace {

void check(const at::Tensor& logits, const SegmentArgmaxOptions& o) {
  require(logits.defined() && logits.dim() == 4 && logits.size(0) == 1 && logits.numel() > 0,
          "segmentArgmax: the logits must be [1,K,h,w]", logits.defined() ? ", not " : "",
          logits.defined() ? logits.sizes() : at::IntArrayRef());
  require(logits.size(1) <= kMaxClasses, "segmentArgmax: at most ", kMaxClasses, " classes fit a label, not ",
          logits.size(1));
  require(at::isFloatingType(logits.scalar_type()), "segmentArgmax: the logits must be floating, not ",
          logits.scalar_type());
  require(logits.is_cpu() || logits.is_cuda(), "segmentArgmax: no kernel for the device ", logits.device());
  require(o.width > 0 && o.height > 0, "segmentArgmax: the image must have at least one pixel, not ", o.width, "x",
          o.height);
  require(o.gridWidth >= 0 && o.gridWidth <= float(logits.size(3)) && o.gridHeight >= 0 &&
              o.gridHeight <= float(logits.size(2)),
          "segmentArgmax: the covered part ", o.gridWidth, "x", o.gridHeight, " must lie within the grid of ",
          logits.size(3), "x", logits.size(2), " cells");
}

SegmentArgmaxInput inputOf(const at::Tensor& l, const SegmentArgmaxOptions& options) {
  const float gridWidth = options.gridWidth > 0 ? options.gridWidth : float(l.size(3));
  const float gridHeight = options.gridHeight > 0 ? options.gridHeight : float(l.size(2));
  SegmentArgmaxInput in;
  in.logits = l.data_ptr<float>();
  in.strideK = l.stride(1), in.strideY = l.stride(2), in.strideX = l.stride(3);
  in.classes = l.size(1), in.h = l.size(2), in.w = l.size(3);
  in.height = options.height, in.width = options.width;
  in.stepX = gridWidth / float(options.width), in.stepY = gridHeight / float(options.height);
  return in;
}

at::Tensor picture(const at::Tensor& logits, const SegmentArgmaxOptions& options, at::ScalarType type) {
  return reusedTensor({options.height, options.width}, logits.options().dtype(type));
}

void compute(const at::Tensor& logits, const SegmentArgmaxOptions& options, const SegmentArgmaxOutput& out) {
  const at::NoGradGuard noGrad;
  const at::Tensor l = logits.to(at::kFloat);
  if (l.is_cuda())
    segmentArgmaxCuda(inputOf(l, options), out, currentCudaStream(l.device()));
  else
    segmentArgmaxCpu(inputOf(l, options), out);
}

}  // namespace

at::Tensor segmentArgmax(const at::Tensor& logits, const SegmentArgmaxOptions& options) {
  check(logits, options);
  at::Tensor labels = picture(logits, options, at::kByte);
  compute(logits, options, {labels.data_ptr<uint8_t>(), nullptr});
  return labels;
}

LabelsAndMargins segmentArgmaxMargin(const at::Tensor& logits, const SegmentArgmaxOptions& options) {
  check(logits, options);
  LabelsAndMargins out{picture(logits, options, at::kByte), picture(logits, options, at::kFloat)};
  compute(logits, options, {out.labels.data_ptr<uint8_t>(), out.margins.data_ptr<float>()});
  return out;
}

void segmentArgmax(const at::Tensor& logits, const SegmentArgmaxOptions& options, uint8_t* labels, float* margins) {
  check(logits, options);
  require(labels && logits.is_cpu(), "segmentArgmax: logits on the CPU and memory for labels are needed");
  compute(logits, options, {labels, margins});
}

}  // namespace dff::kernels
