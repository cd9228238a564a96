#include "core/model/fused_net.h"

#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "core/base/error.h"
#include "core/model/fused_plan.h"
#include "kernels/layout.h"
#include "kernels/reused.h"

namespace dff {
namespace {

/// The first step of part `part` of `parts`: where that share of all multiply-adds is nearest.
size_t firstStepOf(const std::vector<int64_t>& costs, int part, int parts) {
  if (part == 0) return 0;  // whatever its first steps cost
  const double wanted = double(std::accumulate(costs.begin(), costs.end(), int64_t(0))) * part / parts;
  double before = 0;
  for (size_t i = 0; i < costs.size(); ++i) {
    if (before + double(costs[i]) / 2 > wanted) return i;
    before += double(costs[i]);
  }
  return costs.size();
}

at::Tensor denseOf(const at::Tensor& input) { return input.to(torch::kFloat).contiguous(kernels::layoutOf(input)); }

/// oneDNN's exceptions as ours.
template <class Work>
auto explained(const at::Tensor& input, const Work& work) {
  try {
    return work();
  } catch (const dnnl::error& e) {
    fail("a network cannot be computed at ", input.size(3), "x", input.size(2), " (oneDNN: ", e.what(), ")");
  }
}

}  // namespace

FusedNet::FusedNet(FusedGraph graph) : graph_(std::move(graph)) {}

FusedNet::~FusedNet() = default;

void FusedNet::prepare(std::span<const at::Tensor> inputs) {
  for (const auto& input : inputs)
    if (input.dim() != 4 || input.size(0) != 1) fail("a fused network takes one map at a time, not ", input.sizes());
  next_ = parts_ = 0;
  if (plan_ && plan_->fits(inputs)) return;
  plan_.reset();  // before the next one, for its memory
  plan_ = std::make_unique<FusedPlan>(graph_, inputs);
}

void FusedNet::forward(std::span<const at::Tensor> inputs, std::span<at::Tensor> outputs) {
  constexpr size_t kMostInputs = 8;
  if (inputs.size() > kMostInputs || int(inputs.size()) != graph_.inputs || outputs.size() != graph_.outputs.size())
    fail("a network of ", graph_.inputs, " inputs and ", graph_.outputs.size(), " outputs was given ", inputs.size(),
         " and ", outputs.size());
  std::array<at::Tensor, kMostInputs> held;
  std::transform(inputs.begin(), inputs.end(), held.begin(), denseOf);
  const std::span<const at::Tensor> dense(held.data(), inputs.size());
  explained(dense.front(), [&] {
    prepare(dense);
    for (size_t i = 0; i < outputs.size(); ++i)
      outputs[i] = kernels::reusedTensor(plan_->outputDims(i), dense.front().options(), at::MemoryFormat::ChannelsLast);
    plan_->bind(dense, outputs);
    plan_->run(0, plan_->costs().size());
  });
}

at::Tensor FusedNet::forward(const at::Tensor& input) {
  at::Tensor output;
  forward({&input, 1}, {&output, 1});
  return output;
}

void FusedNet::observe(const at::Tensor& input, const Observer& observer) {
  const at::Tensor dense = denseOf(input);
  explained(dense, [&] {
    prepare({&dense, 1});
    at::Tensor output = at::empty(plan_->outputDims(0), dense.options(), at::MemoryFormat::ChannelsLast);
    plan_->bind({&dense, 1}, {&output, 1});
    size_t begin = 0;
    for (size_t i = 0; i < graph_.steps.size(); ++i) {
      plan_->run(std::exchange(begin, plan_->ends()[i]), plan_->ends()[i]);
      if (const auto& step = graph_.steps[i]; !step.name.empty()) observer(step.name, plan_->values(step.to));
    }
  });
}

void FusedNet::start(const at::Tensor& input, int parts) {
  started_ = denseOf(input);
  explained(started_, [&] { prepare({&started_, 1}); });
  startedOutput_.reset();
  parts_ = parts;
}

at::Tensor FusedNet::advance() {
  if (!isStarted()) fail("no picture has been started");
  return explained(started_, [&] {
    if (!startedOutput_.defined())
      startedOutput_ = kernels::reusedTensor(plan_->outputDims(0), started_.options(), at::MemoryFormat::ChannelsLast);
    plan_->bind({&started_, 1}, {&startedOutput_, 1});
    plan_->run(firstStepOf(plan_->costs(), next_, parts_), firstStepOf(plan_->costs(), next_ + 1, parts_));
    return ++next_ < parts_ ? at::Tensor() : std::exchange(startedOutput_, {});
  });
}

std::vector<int64_t> FusedNet::costsOfParts(const at::Tensor& input, int parts) {
  const at::Tensor dense = denseOf(input);
  explained(dense, [&] { prepare({&dense, 1}); });
  std::vector<int64_t> sums;
  for (int part = 0; part < parts; ++part) {
    const auto& costs = plan_->costs();
    const auto from = costs.begin() + ptrdiff_t(firstStepOf(costs, part, parts));
    sums.push_back(std::accumulate(from, costs.begin() + ptrdiff_t(firstStepOf(costs, part + 1, parts)), int64_t(0)));
  }
  return sums;
}

}  // namespace dff
