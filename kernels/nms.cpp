#include "kernels/nms.h"

#include <torch/torch.h>

#include <limits>

#include "kernels/check.h"
#include "kernels/layout.h"
#include "kernels/nms_device.h"

namespace dff::kernels {
namespace {

void check(const at::Tensor& boxes, const at::Tensor& scores) {
  require(boxes.defined() && boxes.dim() == 2 && boxes.size(1) == 4, "nms: the boxes must be [N,4]",
          boxes.defined() ? ", not " : "", boxes.defined() ? boxes.sizes() : at::IntArrayRef());
  require(scores.defined() && scores.dim() == 1 && scores.size(0) == boxes.size(0), "nms: ", boxes.size(0),
          " boxes need as many scores");
  const auto type = boxes.scalar_type();
  require(type == at::kFloat || type == at::kDouble, "nms: the boxes must be float32 or float64, not ", type);
  require(scores.scalar_type() == type, "nms: the scores must be ", type, " like the boxes");
  require(scores.device() == boxes.device(), "nms: boxes and scores must be on one device");
  require(boxes.size(0) <= INT32_MAX, "nms: too many boxes: ", boxes.size(0));
  require(boxes.is_cpu() || boxes.is_cuda(), "nms: no kernel for the device ", boxes.device());
}

at::Tensor bestFirst(const at::Tensor& scores) {
  if (scores.is_cpu()) {
    const at::Tensor dense = scores.contiguous();
    at::Tensor order = at::empty({scores.size(0)}, scores.options().dtype(at::kLong));
    AT_DISPATCH_FLOATING_TYPES(scores.scalar_type(), "nms", [&] {
      orderBestFirst(dense.data_ptr<scalar_t>(), dense.numel(), order.data_ptr<int64_t>());
    });
    return order;
  }
  const at::Tensor known = scores.masked_fill(scores.isnan(), -std::numeric_limits<double>::infinity());
  return std::get<1>(at::sort(known, /*stable=*/true, /*dim=*/0, /*descending=*/true)).contiguous();
}

}  // namespace

at::Tensor nms(const at::Tensor& boxes, const at::Tensor& scores, double iouAbove, int64_t atMost) {
  check(boxes, scores);
  const at::NoGradGuard noGrad;
  const at::Tensor dense = boxes.contiguous(), order = bestFirst(scores);
  at::Tensor taken = at::empty({boxes.size(0)}, order.options());
  int64_t count = 0;
  AT_DISPATCH_FLOATING_TYPES(boxes.scalar_type(), "nms", [&] {
    NmsInput<scalar_t> in;
    in.boxes = dense.data_ptr<scalar_t>();
    in.order = order.data_ptr<int64_t>();
    in.count = boxes.size(0);
    in.atMost = atMost < 0 ? in.count : atMost;
    in.iouAbove = scalar_t(iouAbove);
    int64_t* out = taken.data_ptr<int64_t>();
    count = boxes.is_cuda() ? nmsCuda(in, out, currentCudaStream(boxes.device())) : nmsCpu(in, out);
  });
  return taken.slice(0, 0, count);
}

}  // namespace dff::kernels
