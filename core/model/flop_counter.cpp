#include "core/model/flop_counter.h"

#include <ATen/record_function.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>

namespace dff {
namespace {

/// One convolution that ran: which weights, and what it cost.
struct Call {
  const void* weight;
  int64_t multiplyAdds;
};

/// What ran while it was listened to.
struct Heard {
  std::vector<Call> convolutions;
  bool matrices = false;  ///< products that are no convolutions
};

// The callback that LibTorch takes is a plain function, so the list stands beside it, one for each thread.
thread_local Heard heard;

bool multipliesMatrices(std::string_view op) {
  constexpr std::array<std::string_view, 8> kProducts = {"aten::mm",    "aten::addmm", "aten::bmm", "aten::baddbmm",
                                                         "aten::addmv", "aten::mv",    "aten::dot", "aten::lstm"};
  return std::find(kProducts.begin(), kProducts.end(), op) != kProducts.end();
}

/// at::_convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups, ...): what
/// every convolution comes to, a traced module's as well.
std::unique_ptr<at::ObserverContext> onConvolution(const at::RecordFunction& call) {
  const auto inputs = call.inputs();
  heard.matrices = heard.matrices || multipliesMatrices(call.name());
  if (std::string_view(call.name()) != "aten::_convolution" || inputs.size() < 9) return nullptr;
  const auto input = inputs[0].toTensor(), weight = inputs[1].toTensor();
  const bool transposed = inputs[6].toBool();
  const auto stride = inputs[3].toIntVector(), padding = inputs[4].toIntVector(), dilation = inputs[5].toIntVector();
  int64_t positions = input.size(0) * input.size(2) * input.size(3);  // a transposed one works at each input position
  if (!transposed) {
    positions = input.size(0);
    for (int i = 0; i < 2; ++i)
      positions *= (input.size(2 + i) + 2 * padding[i] - dilation[i] * (weight.size(2 + i) - 1) - 1) / stride[i] + 1;
  }
  heard.convolutions.push_back({weight.unsafeGetTensorImpl(), positions * weight.numel()});
  return nullptr;
}

Heard listenTo(const std::function<void()>& forward) {
  heard = {};
  const auto handle = at::addThreadLocalCallback(
      at::RecordFunctionCallback(onConvolution).needsInputs(true).scopes({at::RecordScope::FUNCTION}));
  forward();
  at::removeCallback(handle);
  return std::move(heard);
}

/// Adds up what a convolution costs, which may run more than once.
void add(std::vector<LayerCost>& layers, const std::string& name, int64_t multiplyAdds) {
  const auto known = std::find_if(layers.begin(), layers.end(), [&](const auto& l) { return l.name == name; });
  if (known != layers.end())
    known->multiplyAdds += multiplyAdds;
  else
    layers.push_back({name, multiplyAdds});
}

/// A weight's name without its last word.
std::string layerOf(const std::string& weight) {
  const size_t end = weight.rfind(".weight");
  return end == std::string::npos ? weight : weight.substr(0, end);
}

}  // namespace

int64_t countMultiplyAdds(const std::function<void()>& forward) {
  int64_t sum = 0;
  for (const Call& call : listenTo(forward).convolutions) sum += call.multiplyAdds;
  return sum;
}

std::vector<LayerCost> layerCosts(const torch::nn::Module& module, const std::function<void()>& forward) {
  WeightNames names;
  for (const auto& p : module.named_parameters()) names[p.value().unsafeGetTensorImpl()] = layerOf(p.key());
  std::vector<LayerCost> layers;
  for (const Call& call : listenTo(forward).convolutions)
    if (const auto name = names.find(call.weight); name != names.end()) add(layers, name->second, call.multiplyAdds);
  return layers;
}

std::optional<std::vector<LayerCost>> layerCosts(const WeightNames& names, const std::function<void()>& forward) {
  const Heard all = listenTo(forward);
  std::vector<LayerCost> layers;
  for (const Call& call : all.convolutions) {
    const auto name = names.find(call.weight);
    add(layers, name == names.end() ? "unnamed" : layerOf(name->second), call.multiplyAdds);
  }
  return all.matrices ? std::nullopt : std::make_optional(layers);
}

}  // namespace dff
