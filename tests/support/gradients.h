#pragma once
#include <torch/torch.h>

#include <functional>
#include <vector>

namespace dff::test {

using Tensors = std::vector<at::Tensor>;
using Function = std::function<at::Tensor(const Tensors&)>;

/// The derivative of sum(f(inputs) * weight) for every element of inputs[which], by central differences in float64.
inline at::Tensor numericGradient(const Function& f, const Tensors& inputs, size_t which, const at::Tensor& weight,
                                  double step = 1e-5) {
  const at::NoGradGuard noGrad;
  Tensors moved = inputs;
  const at::Tensor flat = inputs[which].detach().contiguous().flatten();
  at::Tensor gradient = at::empty_like(flat);
  const auto valueAt = [&](int64_t i, double delta) {
    at::Tensor changed = flat.clone();
    changed[i] += delta;
    moved[which] = changed.reshape(inputs[which].sizes());
    return (f(moved) * weight).sum().item<double>();
  };
  for (int64_t i = 0; i < flat.numel(); ++i) gradient[i] = (valueAt(i, step) - valueAt(i, -step)) / (2 * step);
  return gradient.reshape(inputs[which].sizes());
}

/// The largest difference between what autograd says and what central differences say, over all inputs.
inline double gradientError(const Function& f, Tensors inputs) {
  for (at::Tensor& t : inputs) t = t.detach().clone().requires_grad_(true);
  const at::Tensor out = f(inputs);
  const at::Tensor weight = at::randn(out.sizes(), out.options());
  out.backward(weight);
  double worst = 0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i].grad().defined() || inputs[i].grad().sizes() != inputs[i].sizes()) return INFINITY;
    const at::Tensor difference = inputs[i].grad() - numericGradient(f, inputs, i, weight);
    worst = std::max(worst, difference.abs().max().item<double>());
  }
  return worst;
}

inline double maxDifference(const at::Tensor& a, const at::Tensor& b) {
  return a.sizes() == b.sizes() ? (a - b).abs().max().item<double>() : INFINITY;
}

}  // namespace dff::test
