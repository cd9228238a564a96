#include "kernels/correlation.h"

#include <torch/torch.h>

#include "kernels/check.h"
#include "kernels/correlation_device.h"
#include "kernels/layout.h"

namespace dff::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int kMaxRadius = 64;

void check(const at::Tensor& cur, const at::Tensor& key, int radius) {
  require(cur.defined() && cur.dim() == 4, "correlation: cur must be [N,C,H,W]");
  require(key.defined() && key.sizes() == cur.sizes(), "correlation: cur and key must have one shape, cur's is ",
          cur.sizes());
  require(cur.scalar_type() == at::kFloat || cur.scalar_type() == at::kDouble,
          "correlation: the maps must be float32 or float64, not ", cur.scalar_type());
  require(key.scalar_type() == cur.scalar_type() && key.device() == cur.device(),
          "correlation: cur and key must have one type and be on one device");
  require(cur.is_cpu() || cur.is_cuda(), "correlation: no kernel for the device ", cur.device());
  require(radius >= 0 && radius <= kMaxRadius, "correlation: the radius must be 0 to ", kMaxRadius, ", not ", radius);
}

template <class T>
CorrelationInput<T> inputOf(const at::Tensor& cur, const at::Tensor& key, int64_t radius) {
  CorrelationInput<T> in;
  in.cur = cur.data_ptr<T>();
  in.key = key.data_ptr<T>();
  in.n = cur.size(0), in.c = cur.size(1), in.h = cur.size(2), in.w = cur.size(3);
  in.radius = radius;
  in.channelsLast = layoutOf(cur) == at::MemoryFormat::ChannelsLast;
  return in;
}

at::Tensor forward(const at::Tensor& curAny, const at::Tensor& keyAny, int64_t radius) {
  const auto layout = layoutOf(curAny);
  const at::Tensor cur = curAny.contiguous(layout), key = keyAny.contiguous(layout);
  const int64_t side = 2 * radius + 1;
  at::Tensor out = at::empty({cur.size(0), side * side, cur.size(2), cur.size(3)}, cur.options(), layout);
  AT_DISPATCH_FLOATING_TYPES(cur.scalar_type(), "correlation", [&] {
    const auto in = inputOf<scalar_t>(cur, key, radius);
    if (cur.is_cuda()) {
      correlationCuda(in, out.data_ptr<scalar_t>(), currentCudaStream(cur.device()));
    } else {
      correlationCpu(in, out.data_ptr<scalar_t>());
    }
  });
  return out;
}

struct CorrelationFunction : torch::autograd::Function<CorrelationFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& cur, const at::Tensor& key, int64_t radius) {
    context->save_for_backward({cur, key});
    context->saved_data["radius"] = radius;
    return kernels::forward(cur, key, radius);
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradOut);
};

variable_list CorrelationFunction::backward(AutogradContext* context, const variable_list& gradOut) {
  const auto saved = context->get_saved_variables();
  const auto layout = layoutOf(saved[0]);
  const at::Tensor cur = saved[0].contiguous(layout), key = saved[1].contiguous(layout);
  const at::Tensor g = gradOut[0].contiguous(layout);
  at::Tensor gradCur, gradKey;
  if (context->needs_input_grad(0)) gradCur = at::empty(cur.sizes(), cur.options(), layout);
  if (context->needs_input_grad(1)) gradKey = at::empty(cur.sizes(), cur.options(), layout);
  AT_DISPATCH_FLOATING_TYPES(cur.scalar_type(), "correlationBackward", [&] {
    const auto in = inputOf<scalar_t>(cur, key, context->saved_data["radius"].toInt());
    CorrelationGradients<scalar_t> grad;
    grad.out = g.data_ptr<scalar_t>();
    if (gradCur.defined()) grad.cur = gradCur.data_ptr<scalar_t>();
    if (gradKey.defined()) grad.key = gradKey.data_ptr<scalar_t>();
    if (cur.is_cuda()) {
      correlationBackwardCuda(in, grad, currentCudaStream(cur.device()));
    } else {
      correlationBackwardCpu(in, grad);
    }
  });
  return {gradCur, gradKey, at::Tensor()};
}

}  // namespace

at::Tensor correlation(const at::Tensor& cur, const at::Tensor& key, int radius) {
  check(cur, key, radius);
  const bool learns = at::GradMode::is_enabled() && (cur.requires_grad() || key.requires_grad());
  return learns ? CorrelationFunction::apply(cur, key, int64_t(radius)) : forward(cur, key, radius);
}

}  // namespace dff::kernels
