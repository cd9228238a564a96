#include "kernels/warp.h"

#include <torch/torch.h>

#include "kernels/check.h"
#include "kernels/layout.h"
#include "kernels/reused.h"
#include "kernels/warp_device.h"

namespace dff::kernels {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void checkShapes(const at::Tensor& feature, const at::Tensor& flow, const at::Tensor& scale) {
  require(feature.defined() && feature.dim() == 4, "warp: the feature must be [N,C,H,W]");
  require(flow.defined() && flow.dim() == 4 && flow.size(0) == feature.size(0) && flow.size(1) == 2 &&
              flow.size(2) == feature.size(2) && flow.size(3) == feature.size(3),
          "warp: a feature ", feature.sizes(), " needs a flow [N,2,H,W] of the same N, H and W",
          flow.defined() ? ", not " : "", flow.defined() ? flow.sizes() : at::IntArrayRef());
  require(!scale.defined() || scale.sizes() == feature.sizes(), "warp: the scale must have the feature's shape ",
          feature.sizes());
  require(feature.size(2) * feature.size(3) <= INT32_MAX,
          "warp: the feature map has too many cells: ", feature.sizes());
}

void checkKinds(const at::Tensor& feature, const at::Tensor& flow, const at::Tensor& scale) {
  const auto type = feature.scalar_type();
  require(type == at::kFloat || type == at::kDouble || type == at::kBFloat16,
          "warp: the feature must be float32, float64 or bfloat16, not ", type);
  require(flow.scalar_type() == type || type == at::kBFloat16, "warp: the flow must be ", type, " like the feature");
  require(!scale.defined() || scale.scalar_type() == type, "warp: the scale must be ", type, " like the feature");
  require(flow.device() == feature.device() && (!scale.defined() || scale.device() == feature.device()),
          "warp: feature, flow and scale must be on one device");
  require(feature.is_cpu() || feature.is_cuda(), "warp: no kernel for the device ", feature.device());
}

template <class T>
FlowView<T> flowView(const at::Tensor& flow) {
  return {flow.data_ptr<std::remove_const_t<T>>(), flow.stride(0), flow.stride(1), flow.stride(2), flow.stride(3)};
}

template <class T>
T* elements(const at::Tensor& t) {  // by the size of an element: LibTorch has a bfloat16 of its own
  return static_cast<T*>(t.data_ptr());
}

/// Feature and scale are dense in one layout.
template <class T>
WarpInput<T> inputOf(const at::Tensor& feature, const at::Tensor& flow, const at::Tensor& scale) {
  WarpInput<T> in;
  in.feature = elements<T>(feature);
  in.scale = scale.defined() ? elements<T>(scale) : nullptr;
  in.flow = flowView<const Computed<T>>(flow);
  in.n = feature.size(0), in.c = feature.size(1), in.h = feature.size(2), in.w = feature.size(3);
  in.channelsLast = layoutOf(feature) == at::MemoryFormat::ChannelsLast;
  return in;
}

at::Tensor dense(const at::Tensor& t, at::MemoryFormat layout) { return t.defined() ? t.contiguous(layout) : t; }

template <class T>
void compute(const WarpInput<T>& in, const at::Tensor& out) {
  if (out.is_cuda()) {
    warpCuda(in, elements<T>(out), currentCudaStream(out.device()));
  } else {
    warpCpu(in, elements<T>(out));
  }
}

at::Tensor forward(const at::Tensor& feature, const at::Tensor& flow, const at::Tensor& scale) {
  const auto layout = layoutOf(feature);
  const at::Tensor f = dense(feature, layout), s = dense(scale, layout);
  at::Tensor out = reusedTensor(f.sizes(), f.options(), layout);
  if (f.scalar_type() == at::kBFloat16) {
    compute(inputOf<Bf16>(f, flow.to(at::kFloat), s), out);
  } else {
    AT_DISPATCH_FLOATING_TYPES(f.scalar_type(), "warp", [&] { compute(inputOf<scalar_t>(f, flow, s), out); });
  }
  return out;
}

struct Needs {
  bool feature, flow, scale;
};

variable_list backward(const variable_list& saved, const at::Tensor& gradOut, const Needs& needs) {
  const auto layout = layoutOf(saved[0]);
  const at::Tensor f = dense(saved[0], layout), s = dense(saved[2], layout), g = dense(gradOut, layout);
  const at::Tensor flow = saved[1];
  at::Tensor gradFeature, gradFlow, gradScale;
  if (needs.feature) gradFeature = at::empty(f.sizes(), f.options(), layout).zero_();
  if (needs.flow) gradFlow = at::empty(flow.sizes(), flow.options());
  if (needs.scale) gradScale = at::empty(f.sizes(), f.options(), layout);
  AT_DISPATCH_FLOATING_TYPES(f.scalar_type(), "warpBackward", [&] {
    const auto in = inputOf<scalar_t>(f, flow, s);
    WarpGradients<scalar_t> grad;
    grad.out = g.data_ptr<scalar_t>();
    if (gradFeature.defined()) grad.feature = gradFeature.data_ptr<scalar_t>();
    if (gradFlow.defined()) grad.flow = flowView<scalar_t>(gradFlow);
    if (gradScale.defined()) grad.scale = gradScale.data_ptr<scalar_t>();
    if (f.is_cuda()) {
      warpBackwardCuda(in, grad, currentCudaStream(f.device()));
    } else {
      warpBackwardCpu(in, grad);
    }
  });
  return {gradFeature, gradFlow, gradScale};
}

struct WarpFunction : torch::autograd::Function<WarpFunction> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& feature, const at::Tensor& flow,
                            const c10::optional<at::Tensor>& scale) {
    context->save_for_backward({feature, flow, scale.value_or(at::Tensor())});
    return kernels::forward(feature, flow, scale.value_or(at::Tensor()));
  }
  static variable_list backward(AutogradContext* context, const variable_list& gradOut) {
    const variable_list saved = context->get_saved_variables();
    const bool scaled = saved[2].defined();  // an input that is not there has no index to ask about
    const Needs needs{context->needs_input_grad(0), context->needs_input_grad(1),
                      scaled && context->needs_input_grad(2)};
    return kernels::backward(saved, gradOut[0], needs);
  }
};

bool wantsGradient(const at::Tensor& t) { return t.defined() && t.requires_grad(); }

}  // namespace

at::Tensor warp(const at::Tensor& feature, const at::Tensor& keyFromCur, const at::Tensor& scale) {
  checkShapes(feature, keyFromCur, scale);
  checkKinds(feature, keyFromCur, scale);
  const bool learns =
      at::GradMode::is_enabled() && (wantsGradient(feature) || wantsGradient(keyFromCur) || wantsGradient(scale));
  if (learns && feature.scalar_type() == at::kBFloat16) {
    const at::Tensor wideScale = scale.defined() ? scale.to(at::kFloat) : scale;
    return warp(feature.to(at::kFloat), keyFromCur.to(at::kFloat), wideScale).to(at::kBFloat16);
  }
  const c10::optional<at::Tensor> given = scale.defined() ? c10::make_optional(scale) : c10::nullopt;
  return learns ? WarpFunction::apply(feature, keyFromCur, given) : forward(feature, keyFromCur, scale);
}

}  // namespace dff::kernels
