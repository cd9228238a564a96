#pragma once
// A model of a few channels with random weights: quick to run, deterministic, for tests of everything round the
// networks.
#include <torch/torch.h>

#include "core/model/dff_model.h"
#include "core/model/package.h"

namespace dff::test {

inline ModelSpec smallSpec() {
  ModelSpec spec;
  spec.feature.widths = {8, 12, 16, 16};
  spec.feature.depths = {1, 1, 1, 1};
  spec.feature.channels = 12;
  spec.flow.width = 0.5;
  spec.input.shortSide = 90;
  spec.input.longSideMax = 640;
  for (int i = 0; i < 4; ++i) spec.classes.push_back({"class" + std::to_string(i), {0, uint8_t(60 * i), 0}, {0, 0, 0}});
  return spec;
}

inline void saveSmallModel(const std::filesystem::path& folder) {
  torch::manual_seed(5);
  const ModelSpec spec = smallSpec();
  DffModel model(spec);
  NamedTensors weights;
  for (auto& [name, tensor] : namedTensors(model)) weights.emplace_back(name, tensor);
  savePackage(folder, {{"name", "random"}}, spec, weights);
}

}  // namespace dff::test
