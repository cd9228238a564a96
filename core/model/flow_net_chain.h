#pragma once
#include <array>
#include <functional>

#include "core/model/flow_net.h"

namespace dff {

/// What a flow network of FlowNet's shape needs of its encoder: maps at the strides 4, 8, 16, 32 and 64 of its
/// half-resolution input, and the channels of what the refinement makes between them.
struct FlowEncoder {
  std::vector<std::function<torch::Tensor(const torch::Tensor&)>> layers;  ///< one after another
  std::array<size_t, 5> ends;   ///< layers whose outputs are the maps, finest first
  std::array<int, 5> channels;  ///< of those maps
  std::array<int, 4> refined;   ///< of the deconvolved maps, finest first
};

/// The frame of FlowNet-S with the two changes of Deep Feature Flow (reference section 3): the picture pair at half
/// resolution, current frame first; an encoder; a refinement chain whose coarse flows feed only itself; flow and scale
/// map predicted on the feature grid. Kinds differ in their encoders alone.
class ChainFlowNet : public FlowNet {
 public:
  ChainFlowNet(const FlowSpec& spec, const FlowNetShape& shape) : spec_(spec), shape_(shape) {}
  Code encode(const torch::Tensor& picture) override;
  FlowEstimate estimate(const Code& cur, const Code& key) override;

 protected:
  /// To be called once, by the constructor of a kind, after it has registered its encoder's modules.
  void build(FlowEncoder encoder);
  /// This many channels at width 1.
  int scaled(int channels) const;

 private:
  void makeScale(int in);

  FlowSpec spec_;
  FlowNetShape shape_;
  FlowEncoder encoder_;
  std::vector<torch::nn::AnyModule> refine_;  // coarsest first
  Convolution flow_{nullptr}, scale_{nullptr};
};

inline torch::Tensor leaky(torch::Tensor x) { return torch::leaky_relu_(x, 0.1); }

}  // namespace dff
