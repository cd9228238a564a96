#pragma once
#include <array>
#include <functional>

#include "core/model/flow_net.h"
#include "core/model/fused_net.h"

namespace dff {

/// A layer of an encoder, as it is trained and as steps of a fused network: reads a map, gives the number of its own.
struct FlowLayer {
  std::function<torch::Tensor(const torch::Tensor&)> forward;
  std::function<int(FusedGraph&, int)> append;
};

/// What a flow network of FlowNet's shape needs of its encoder: maps at the strides 4, 8, 16, 32 and 64 of its
/// half-resolution input, and the channels of what the refinement makes between them.
struct FlowEncoder {
  std::vector<FlowLayer> layers;  ///< one after another
  std::array<size_t, 5> ends;     ///< layers whose outputs are the maps, finest first
  std::array<int, 5> channels;    ///< of those maps
  std::array<int, 4> refined;     ///< of the deconvolved maps, finest first
};

/// The frame of FlowNet-S with the two changes of Deep Feature Flow (reference section 3): the picture pair at half
/// resolution, current frame first; an encoder; a refinement chain whose coarse flows feed only itself; flow and scale
/// map predicted on the feature grid. Kinds differ in their encoders alone.
class ChainFlowNet : public FlowNet {
 public:
  ChainFlowNet(const FlowSpec& spec, const FlowNetShape& shape) : spec_(spec), shape_(shape) {}
  Code encode(const torch::Tensor& picture) override;
  FlowEstimate estimate(const Code& cur, const Code& key) override;
  void fuse() override;

 protected:
  /// To be called once, by the constructor of a kind, after it has registered its encoder's modules.
  void build(FlowEncoder encoder);
  /// This many channels at width 1.
  int scaled(int channels) const;

 private:
  void makeScale(int in);
  double flowFactor() const;
  FusedGraph compareGraph();
  FlowEstimate estimateFused(const Code& cur, const Code& key);

  FlowSpec spec_;
  FlowNetShape shape_;
  FlowEncoder encoder_;
  std::vector<torch::nn::AnyModule> refine_;  // coarsest first
  Convolution flow_{nullptr}, scale_{nullptr};
  std::unique_ptr<FusedNet> compare_, scaleFused_;
};

/// A convolution and its activation as a layer; one `ofPictures` reads their six channels.
FlowLayer layerOf(const Convolution& conv, bool ofPictures = false);

constexpr double kFlowSlope = 0.1;  // of every activation

inline torch::Tensor leaky(torch::Tensor x) { return torch::leaky_relu_(x, kFlowSlope); }

}  // namespace dff
