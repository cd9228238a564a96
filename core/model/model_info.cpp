#include "core/model/model_info.h"

#include <cstdio>

#include "core/base/error.h"
#include "core/model/dff_model.h"
#include "core/model/flop_counter.h"
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
  int width = 0, height = 0;
  if (std::sscanf(size.c_str(), "%dx%d", &width, &height) != 2 || width < 16 || height < 16 || width > 8192 ||
      height > 8192)
    throw UsageError("size \"" + size + "\" is not WIDTHxHEIGHT with sides from 16 to 8192");
  const int m = spec.input.padMultiple;
  return torch::zeros({1, 3, (height + m - 1) / m * m, (width + m - 1) / m * m});
}

nlohmann::json multiplyAdds(ModelPtr& model, const torch::Tensor& x) {
  torch::NoGradGuard guard;
  torch::Tensor feature;
  FlowNet::Code key = model->flow->encode(x);
  nlohmann::json counts = {{"feature", countMultiplyAdds([&] { feature = model->feature(x); })},
                           {"flow", countMultiplyAdds([&] { model->flow->estimate(model->flow->encode(x), key); })},
                           {"segmentation", countMultiplyAdds([&] { model->segmentation(feature); })}};
  if (model->detection) counts["detection"] = countMultiplyAdds([&] { model->detection(feature); });
  return counts;
}

}  // namespace

nlohmann::json modelInfo(const std::filesystem::path& folder, const std::string& size) {
  Package package = loadPackage(folder);
  ModelPtr& model = package.model;
  nlohmann::json classes = nlohmann::json::array();
  for (const auto& c : model->spec.classes) classes.push_back(c.name);
  nlohmann::json detectionClasses = nlohmann::json::array();
  if (model->spec.detection)
    for (const auto& c : model->spec.detection->classes) detectionClasses.push_back(c.name);
  nlohmann::json parameters = {{"feature", parameterCount(*model->feature)},
                               {"flow", parameterCount(*model->flow)},
                               {"segmentation", parameterCount(*model->segmentation)}};
  if (model->detection) parameters["detection"] = parameterCount(*model->detection);
  return {{"name", package.name()},
          {"sha256", package.sha256},
          {"classes", classes},
          {"detection_classes", detectionClasses},
          {"stride", model->spec.stride()},
          {"parameters", parameters},
          {"multiply_adds", multiplyAdds(model, blankInput(size, model->spec))},
          {"provenance", package.manifest.value("provenance", nlohmann::json())},
          {"measured", package.manifest.value("measured", nlohmann::json())}};
}

}  // namespace dff
