#pragma once
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace dff {

/// What is known of a model package: `name`, `classes`, `stride`, `parameters` and `multiply_adds` (each per part:
/// feature, flow, segmentation, detection; counted by running the networks on an input of `size`, "WxH"), `provenance`,
/// `measured`.
nlohmann::json modelInfo(const std::filesystem::path& folder, const std::string& size);

}  // namespace dff
