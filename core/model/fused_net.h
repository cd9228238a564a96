#pragma once
#include <ATen/core/Tensor.h>

#include <memory>

#include "core/model/fused_graph.h"

namespace dff {

/// Runs a network in float32 by oneDNN directly, where LibTorch calls it for each convolution alone: bias, sum and
/// activation within the convolution, weights laid out once, maps in memory that is kept from picture to picture, and
/// 3x3 convolutions by kernels/winograd.h where that is quicker. Results differ from LibTorch's by rounding, some 1e-5
/// of the largest value a layer. For one thread at a time.
class FusedNet {
 public:
  explicit FusedNet(FusedGraph graph);
  ~FusedNet();

  /// input [1,C,H,W] float in either layout -> [1,O,h,w] float, channels_last. The first one of a size takes longer.
  /// Throws Error where the network cannot take the size.
  at::Tensor forward(const at::Tensor& input);

 private:
  class Plan;
  FusedGraph graph_;
  std::unique_ptr<Plan> plan_;  // for the last size
};

}  // namespace dff
