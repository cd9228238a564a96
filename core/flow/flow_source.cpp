#include "core/flow/flow_source.h"

#include "core/base/registry.h"

namespace dff {
namespace {
struct Row : Kind<std::unique_ptr<FlowSource> (*)(const ModelPtr&)> {
  bool knowsMotion;
};
constexpr Row kFlowSources[] = {
    {{"flownet", "the model's own flow network, with scale map", makeFlowNetSource}, true},
    {{"dis", "Dense Inverse Search (Kroeger et al. 2016) of OpenCV, medium preset", makeDisSource}, true},
    {{"deepflow", "DeepFlow (Weinzaepfel et al. 2013) of OpenCV, without its matcher; slow", makeDeepFlowSource}, true},
    {{"farneback", "polynomial expansion (Farneback 2003) of OpenCV", makeFarnebackSource}, true},
    {{"copy", "no motion: the key's feature as it is", makeCopySource}, false},
};
}  // namespace

std::string knownFlowSources() { return knownNames(kFlowSources); }
std::string helpOfFlowSources() { return helpLines(kFlowSources); }

bool flowKnowsMotion(const std::string& name) { return findKind(kFlowSources, name, "flow source").knowsMotion; }

std::unique_ptr<FlowSource> makeFlowSource(const std::string& name, const ModelPtr& model) {
  return findKind(kFlowSources, name, "flow source").make(model);
}

}  // namespace dff
