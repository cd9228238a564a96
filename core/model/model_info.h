#pragma once
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/model/flop_counter.h"
#include "core/model/spec.h"

namespace dff {

/// What is known of a model package: `name`, `classes`, `stride`, `parameters` and `multiply_adds` (each per part:
/// feature, flow, segmentation, detection; counted by running the networks on an input of `size`, "WxH"; null where it
/// is not known), `provenance`,
/// `measured`.
nlohmann::json modelInfo(const std::filesystem::path& folder, const std::string& size);

/// The convolutions of one part of a model, and what they cost together.
struct PartCost {
  std::string part;  ///< feature, flow, segmentation, detection
  std::vector<LayerCost> layers;
  bool known = true;  ///< false of a TorchScript module that does more than convolutions
  int64_t multiplyAdds() const;
};

/// What each part costs for an input of `size`, "WxH": the feature network once, the flow network for one frame whose
/// key is encoded already, the heads on one feature map. Counted by running them.
std::vector<PartCost> modelCosts(const ModelSpec& spec, const std::string& size);

/// The same of a package, whose weights are read where it has TorchScript modules.
std::vector<PartCost> packageCosts(const std::filesystem::path& folder, const std::string& size);

}  // namespace dff
