#include "core/model/flop_counter.h"

#include <ATen/record_function.h>
#include <torch/torch.h>

#include <map>

namespace dff {
namespace {

/// One convolution that ran: which weights, and what it cost.
struct Call {
  const void* weight;
  int64_t multiplyAdds;
};

// The callback that LibTorch takes is a plain function, so the list stands beside it, one for each thread.
thread_local std::vector<Call> calls;

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
  calls.push_back({weight.unsafeGetTensorImpl(), positions * weight.numel()});
  return nullptr;
}

std::vector<Call> callsOf(const std::function<void()>& forward) {
  calls.clear();
  const auto handle = at::addThreadLocalCallback(
      at::RecordFunctionCallback(onConvolution).needsInputs(true).scopes({at::RecordScope::FUNCTION}));
  forward();
  at::removeCallback(handle);
  return std::move(calls);
}

}  // namespace

int64_t countMultiplyAdds(const std::function<void()>& forward) {
  int64_t sum = 0;
  for (const Call& call : callsOf(forward)) sum += call.multiplyAdds;
  return sum;
}

std::vector<LayerCost> layerCosts(const torch::nn::Module& module, const std::function<void()>& forward) {
  std::map<const void*, std::string> names;
  for (const auto& p : module.named_parameters()) {
    const std::string& name = p.key();
    const size_t end = name.rfind(".weight");
    names[p.value().unsafeGetTensorImpl()] = end == std::string::npos ? name : name.substr(0, end);
  }
  std::vector<LayerCost> layers;
  for (const Call& call : callsOf(forward)) {
    const auto name = names.find(call.weight);
    if (name == names.end()) continue;
    const auto known =
        std::find_if(layers.begin(), layers.end(), [&](const auto& l) { return l.name == name->second; });
    if (known != layers.end())
      known->multiplyAdds += call.multiplyAdds;
    else
      layers.push_back({name->second, call.multiplyAdds});
  }
  return layers;
}

}  // namespace dff
