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

std::vector<PartCost> costsOf(DffModel& model, const torch::Tensor& x) {
  torch::NoGradGuard guard;
  torch::Tensor feature;
  const FlowNet::Code key = model.flow->encode(x);
  std::vector<PartCost> parts = {
      {"feature", layerCosts(*model.feature, [&] { feature = model.feature(x); })},
      {"flow", layerCosts(*model.flow, [&] { model.flow->estimate(model.flow->encode(x), key); })}};
  if (model.segmentation)
    parts.push_back({"segmentation", layerCosts(*model.segmentation, [&] { model.segmentation(feature); })});
  if (model.detection) parts.push_back({"detection", layerCosts(*model.detection, [&] { model.detection(feature); })});
  return parts;
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

nlohmann::json modelInfo(const std::filesystem::path& folder, const std::string& size) {
  Package package = loadPackage(folder);
  ModelPtr& model = package.model;
  nlohmann::json classes = nlohmann::json::array();
  for (const auto& c : model->spec.classes) classes.push_back(c.name);
  nlohmann::json detectionClasses = nlohmann::json::array();
  if (model->spec.detection)
    for (const auto& c : model->spec.detection->classes) detectionClasses.push_back(c.name);
  nlohmann::json parameters = {{"feature", parameterCount(*model->feature)}, {"flow", parameterCount(*model->flow)}};
  if (model->segmentation) parameters["segmentation"] = parameterCount(*model->segmentation);
  if (model->detection) parameters["detection"] = parameterCount(*model->detection);
  nlohmann::json costs;
  for (const auto& part : costsOf(*model, blankInput(size, model->spec))) costs[part.part] = part.multiplyAdds();
  return {{"name", package.name()},
          {"sha256", package.sha256},
          {"classes", classes},
          {"detection_classes", detectionClasses},
          {"stride", model->spec.stride()},
          {"parameters", parameters},
          {"multiply_adds", costs},
          {"provenance", package.manifest.value("provenance", nlohmann::json())},
          {"measured", package.manifest.value("measured", nlohmann::json())}};
}

}  // namespace dff
