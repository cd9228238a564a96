#pragma once
#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/model/fused_graph.h"

namespace dff {

class FusedPlan;

/// Runs a network in float32 without LibTorch: convolutions by oneDNN directly, with bias, sum and activation within,
/// weights laid out once, maps in memory that is kept from picture to picture, and 3x3 convolutions by
/// kernels/winograd.h where that is quicker. Results differ from LibTorch's by rounding, some 1e-5 of the largest value
/// a layer. For one thread at a time.
class FusedNet {
 public:
  explicit FusedNet(FusedGraph graph);
  ~FusedNet();

  /// input [1,C,H,W] float in either layout -> [1,O,h,w] float, channels_last. The first one of a size takes longer.
  /// Throws Error where the network cannot take the size.
  at::Tensor forward(const at::Tensor& input);

  /// The same of a network with several inputs and outputs: fills `outputs`.
  void forward(std::span<const at::Tensor> inputs, std::span<at::Tensor> outputs);

  /// Computes a picture and shows what every named step made; for a network in float32.
  using Observer = std::function<void(const std::string& name, std::span<const float> values)>;
  void observe(const at::Tensor& input, const Observer& observer);

  /// A picture by parts: start() takes it, advance() computes the next of `parts` parts, alike in multiply-adds, and
  /// gives the result with the last one (before: undefined). A forward() in between drops what was started.
  void start(const at::Tensor& input, int parts);
  at::Tensor advance();
  bool isStarted() const { return next_ < parts_; }

  /// Multiply-adds of each part of `parts` at this size of input.
  std::vector<int64_t> costsOfParts(const at::Tensor& input, int parts);

 private:
  void prepare(std::span<const at::Tensor> inputs);

  FusedGraph graph_;
  std::unique_ptr<FusedPlan> plan_;  // for the last size
  int next_ = 0, parts_ = 0;
  at::Tensor started_, startedOutput_;
};

}  // namespace dff
