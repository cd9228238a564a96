#include "kernels/enlarge_flow.h"

#include <torch/torch.h>

#include "kernels/check.h"
#include "kernels/enlarge_flow_device.h"
#include "kernels/reused.h"

namespace dff::kernels {

at::Tensor enlargeFlow(const at::Tensor& flow, int64_t height, int64_t width) {
  require(flow.defined() && flow.dim() == 4 && flow.size(0) == 1 && flow.size(1) == 2 && flow.numel() > 0,
          "enlargeFlow: the flow must be [1,2,h,w]");
  require(flow.scalar_type() == at::kFloat && flow.is_cpu(), "enlargeFlow: the flow must be float32 on the CPU");
  require(height > 0 && width > 0, "enlargeFlow: the finer grid must have at least one cell, not ", width, "x", height);
  at::Tensor out = reusedTensor({1, 2, height, width}, flow.options());
  const FlowView<const float> view{flow.data_ptr<float>(), flow.stride(0), flow.stride(1), flow.stride(2),
                                   flow.stride(3)};
  enlargeFlowCpu({view, flow.size(2), flow.size(3), height, width}, out.data_ptr<float>());
  return out;
}

}  // namespace dff::kernels
