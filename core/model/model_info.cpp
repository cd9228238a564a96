#include "core/model/model_info.h"

#include "core/model/dff_model.h"
#include "core/model/flop_counter.h"
#include "core/model/net_input.h"
#include "core/model/package.h"

namespace dff {
namespace {

int64_t parameterCount(const torch::nn::Module& module) {
  int64_t count = 0;
  for (const auto& p : module.parameters()) count += p.numel();
  return count;
}

/// An input of this size, padded as the model pads.
torch::Tensor blankInput(const std::string& size, const ModelSpec& spec) {
  const auto [width, height] = parseNetworkSize(size);
  const int m = spec.input.padMultiple;
  return torch::zeros({1, 3, (height + m - 1) / m * m, (width + m - 1) / m * m});
}

template <class Holder>
const torch::nn::Module* moduleOf(const Holder& holder) {
  return holder.is_empty() ? nullptr : holder.get();
}

/// What a part costs: a module of the package's own, or one of ours.
PartCost costOf(const std::string& part, const ScriptPtr& script, const torch::nn::Module* module,
                const std::function<void()>& forward) {
  if (!script) return {part, layerCosts(*module, forward)};
  const auto layers = layerCosts(script->parameterNames(), forward);
  return {part, layers.value_or(std::vector<LayerCost>()), layers.has_value()};
}

std::vector<PartCost> costsOf(DffModel& model, const torch::Tensor& x) {
  torch::NoGradGuard guard;
  torch::Tensor feature;
  const FlowNet::Code key = model.flow->encode(x);
  const ScriptNets& scripts = model.scripts;
  std::vector<PartCost> parts = {
      costOf("feature", scripts.feature, moduleOf(model.feature), [&] { feature = model.featureMap(x); }),
      costOf("flow", scripts.flow, model.flow.get(), [&] { model.flow->estimate(model.flow->encode(x), key); })};
  if (model.segments())
    parts.push_back(
        costOf("segmentation", scripts.segmentation, moduleOf(model.segmentation), [&] { model.logits(feature); }));
  if (model.detection) parts.push_back({"detection", layerCosts(*model.detection, [&] { model.detection(feature); })});
  return parts;
}

int64_t parametersOf(const ScriptPtr& script, const torch::nn::Module* module) {
  return script ? script->parameters() : parameterCount(*module);
}

nlohmann::json parametersOf(const DffModel& model) {
  nlohmann::json counts = {{"feature", parametersOf(model.scripts.feature, moduleOf(model.feature))},
                           {"flow", parametersOf(model.scripts.flow, model.flow.get())}};
  if (model.segments()) counts["segmentation"] = parametersOf(model.scripts.segmentation, moduleOf(model.segmentation));
  if (model.detection) counts["detection"] = parameterCount(*model.detection);
  return counts;
}

}  // namespace

int64_t PartCost::multiplyAdds() const {
  int64_t sum = 0;
  for (const auto& layer : layers) sum += layer.multiplyAdds;
  return sum;
}

std::vector<PartCost> modelCosts(const ModelSpec& spec, const std::string& size) {
  DffModel model(spec);
  model.eval();
  return costsOf(model, blankInput(size, spec));
}

std::vector<PartCost> packageCosts(const std::filesystem::path& folder, const std::string& size) {
  const ModelSpec spec = packageSpec(folder);
  if (!spec.hasScripts()) return modelCosts(spec, size);
  return costsOf(*loadPackage(folder).model, blankInput(size, spec));
}

nlohmann::json modelInfo(const std::filesystem::path& folder, const std::string& size) {
  Package package = loadPackage(folder);
  ModelPtr& model = package.model;
  nlohmann::json classes = nlohmann::json::array();
  for (const auto& c : model->spec.classes) classes.push_back(c.name);
  nlohmann::json detectionClasses = nlohmann::json::array();
  if (model->spec.detection)
    for (const auto& c : model->spec.detection->classes) detectionClasses.push_back(c.name);
  nlohmann::json costs;
  for (const auto& part : costsOf(*model, blankInput(size, model->spec)))
    costs[part.part] = part.known ? nlohmann::json(part.multiplyAdds()) : nlohmann::json();
  return {{"name", package.name()},
          {"sha256", package.sha256},
          {"classes", classes},
          {"detection_classes", detectionClasses},
          {"stride", model->spec.stride()},
          {"parameters", parametersOf(*model)},
          {"multiply_adds", costs},
          {"provenance", package.manifest.value("provenance", nlohmann::json())},
          {"measured", package.manifest.value("measured", nlohmann::json())}};
}

}  // namespace dff
