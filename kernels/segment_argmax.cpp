#include "kernels/segment_argmax.h"

#include <torch/torch.h>

#include "kernels/check.h"
#include "kernels/layout.h"
#include "kernels/segment_argmax_device.h"

namespace dff::kernels {

at::Tensor segmentArgmax(const at::Tensor& logits, const SegmentArgmaxOptions& o) {
  require(logits.defined() && logits.dim() == 4 && logits.size(0) == 1 && logits.size(1) >= 1 && logits.size(1) <= 255,
          "segmentArgmax: the logits must be [1,K,h,w] with 1 to 255 classes");
  require(logits.scalar_type() == at::kFloat, "segmentArgmax: the logits must be float32, not ", logits.scalar_type());
  require(logits.size(2) > 0 && logits.size(3) > 0 && o.width > 0 && o.height > 0, "segmentArgmax: empty logits or label image");
  require(o.gridWidth > 0 && o.gridHeight > 0 && o.gridWidth <= float(logits.size(3)) && o.gridHeight <= float(logits.size(2)),
          "segmentArgmax: a picture of ", o.gridWidth, " x ", o.gridHeight, " cells does not lie within logits ", logits.sizes());
  const at::Tensor dense = logits.contiguous();
  const SegmentArgmaxInput in{dense.data_ptr<float>(), dense.size(1), dense.size(2), dense.size(3)};
  at::Tensor labels = at::empty({o.height, o.width}, dense.options().dtype(at::kByte));
  if (dense.is_cuda())
    segmentArgmaxCuda(in, o, labels.data_ptr<uint8_t>(), currentCudaStream(dense.device()));
  else
    segmentArgmaxCpu(in, o, labels.data_ptr<uint8_t>());
  return labels;
}

}  // namespace dff::kernels
