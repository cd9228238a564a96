#include "core/model/flop_counter.h"

#include <ATen/record_function.h>
#include <torch/torch.h>

namespace dff {
namespace {

// The callback that LibTorch takes is a plain function, so the sum stands beside it, one for each thread.
thread_local int64_t multiplyAdds = 0;

/// at::convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups)
std::unique_ptr<at::ObserverContext> onConvolution(const at::RecordFunction& call) {
  const auto inputs = call.inputs();
  if (std::string_view(call.name()) != "aten::convolution" || inputs.size() < 9) return nullptr;
  const auto input = inputs[0].toTensor(), weight = inputs[1].toTensor();
  const bool transposed = inputs[6].toBool();
  const auto stride = inputs[3].toIntVector(), padding = inputs[4].toIntVector(), dilation = inputs[5].toIntVector();
  int64_t positions = input.size(0) * input.size(2) * input.size(3);  // a transposed one works at each input position
  if (!transposed) {
    positions = input.size(0);
    for (int i = 0; i < 2; ++i)
      positions *= (input.size(2 + i) + 2 * padding[i] - dilation[i] * (weight.size(2 + i) - 1) - 1) / stride[i] + 1;
  }
  multiplyAdds += positions * weight.numel();
  return nullptr;
}

}  // namespace

int64_t countMultiplyAdds(const std::function<void()>& forward) {
  multiplyAdds = 0;
  const auto handle = at::addThreadLocalCallback(
      at::RecordFunctionCallback(onConvolution).needsInputs(true).scopes({at::RecordScope::FUNCTION}));
  forward();
  at::removeCallback(handle);
  return multiplyAdds;
}

}  // namespace dff
