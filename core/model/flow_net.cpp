#include "core/model/flow_net.h"

#include "core/base/registry.h"

namespace dff {
namespace {
constexpr Kind<std::shared_ptr<FlowNet> (*)(const FlowSpec&, const FlowNetShape&)> kFlowNets[] = {
    {"pyramid", "siamese encoder, small cost volumes from coarse to fine", makePyramidFlowNet},
    {"flownet_s", "FlowNet-S (Dosovitskiy et al. 2015) as Deep Feature Flow uses it", makeFlowNetS},
    {"flownet_inception", "FlowNet of inception modules, an eighth of its cost", makeFlowNetInception},
    {kTorchScript, "a TorchScript module of the package", makeScriptFlowNet},
};
}  // namespace

std::string knownFlowNets() { return knownNames(kFlowNets); }

std::shared_ptr<FlowNet> makeFlowNet(const FlowSpec& spec, const FlowNetShape& shape) {
  return findKind(kFlowNets, spec.kind, "flow network").make(spec, shape);
}

}  // namespace dff
