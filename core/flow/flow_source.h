#pragma once
#include <memory>
#include <string>

#include "core/model/flow_estimate.h"
#include "core/model/model_ptr.h"
#include "core/model/net_input.h"

namespace dff {

/// Estimates motion from the current frame to the key frame. What depends on the key alone is computed once a key.
class FlowSource {
 public:
  virtual ~FlowSource() = default;
  /// The key frame of the estimates that follow.
  virtual void setKey(const NetInput& key) = 0;
  /// Motion from `cur` to the key frame; an undefined flow means the key's feature as it is.
  virtual FlowEstimate estimate(const NetInput& cur) = 0;
};

/// Makes the flow source called `name` for a model; throws UsageError naming the known ones.
std::unique_ptr<FlowSource> makeFlowSource(const std::string& name, const ModelPtr& model);

/// "flownet, dis, copy"
std::string knownFlowSources();

std::unique_ptr<FlowSource> makeFlowNetSource(const ModelPtr& model);
std::unique_ptr<FlowSource> makeDisSource(const ModelPtr& model);
std::unique_ptr<FlowSource> makeCopySource(const ModelPtr& model);

}  // namespace dff
