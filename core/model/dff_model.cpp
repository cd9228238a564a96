#include "core/model/dff_model.h"

namespace dff {

DffModel::DffModel(ModelSpec s) : spec(std::move(s)) {
  feature = register_module("feature", FeatureNet(spec.feature));
  flow = register_module("flow", makeFlowNet(spec.flow, {spec.stride(), spec.feature.channels}));
  segmentation =
      register_module("segmentation", convolution(spec.feature.channels, int(spec.classes.size()), 1, 1, 1, true));
  if (spec.detection)
    detection = register_module("detection", DetectionHead(*spec.detection, spec.feature.channels, spec.stride()));
}

std::vector<std::pair<std::string, torch::Tensor>> namedTensors(const torch::nn::Module& module) {
  std::vector<std::pair<std::string, torch::Tensor>> all;
  for (const auto& p : module.named_parameters()) all.emplace_back(p.key(), p.value());
  for (const auto& b : module.named_buffers())
    if (b.value().is_floating_point()) all.emplace_back(b.key(), b.value());  // batch norm's counters say nothing
  return all;
}

}  // namespace dff
