#pragma once
#include <memory>

#include "core/model/flow_estimate.h"
#include "core/model/layers.h"
#include "core/model/spec.h"

namespace dff {

/// A light network that runs on the frames between keys.
///
/// `encode` computes what depends on one picture alone, so that a key frame pays for it once; `estimate` compares two.
struct FlowNet : torch::nn::Module {
  using Code = FewTensors;
  virtual Code encode(const torch::Tensor& picture) = 0;  ///< [N,3,H,W], the feature network's own input
  virtual FlowEstimate estimate(const Code& cur, const Code& key) = 0;
  /// From here on it only infers, in float32, as FusedNets.
  virtual void fuse() {}

  bool wantsScale = true;  ///< false: nobody reads the scale map, and it may be left undefined
};

class ScriptModule;

/// What a flow network is built for.
struct FlowNetShape {
  int stride = 8;                                        ///< of the feature grid, input pixels a cell
  int channels = 128;                                    ///< of the feature map, and so of the scale map
  std::shared_ptr<const ScriptModule> script = nullptr;  ///< of the kind "torchscript"
};

/// Makes the network that `spec.kind` names; throws UsageError for an unknown one.
std::shared_ptr<FlowNet> makeFlowNet(const FlowSpec& spec, const FlowNetShape& shape);

/// The kinds of flow network, "pyramid, flownet_s, ...".
std::string knownFlowNets();

std::shared_ptr<FlowNet> makeFlowNetS(const FlowSpec& spec, const FlowNetShape& shape);
std::shared_ptr<FlowNet> makeFlowNetInception(const FlowSpec& spec, const FlowNetShape& shape);
std::shared_ptr<FlowNet> makePyramidFlowNet(const FlowSpec& spec, const FlowNetShape& shape);
std::shared_ptr<FlowNet> makeScriptFlowNet(const FlowSpec& spec, const FlowNetShape& shape);

}  // namespace dff
