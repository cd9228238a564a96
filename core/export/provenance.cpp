#include "core/export/provenance.h"

#include <nlohmann/json.hpp>

#include "core/base/file.h"

namespace dff {
namespace fs = std::filesystem;

fs::path provenanceFile(const fs::path& output) {
  const fs::path bare = output.has_filename() ? output : output.parent_path();  // "labels/" is "labels"
  return bare.parent_path() / (bare.filename().string() + ".json");
}

void writeProvenance(const fs::path& output, const nlohmann::json& options) {
  writeJson(provenanceFile(output), options);
}

bool madeWith(const fs::path& output, const nlohmann::json& options) {
  if (!fs::exists(output) || !fs::exists(provenanceFile(output))) return false;
  const auto made = nlohmann::json::parse(readFile(provenanceFile(output)), nullptr, /*allow_exceptions=*/false);
  return made == options;
}

}  // namespace dff
