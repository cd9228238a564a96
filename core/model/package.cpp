#include "core/model/package.h"

#include "core/base/file.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

constexpr int kSchemaVersion = 1;
constexpr const char* kManifest = "model.json";
constexpr const char* kWeights = "weights.safetensors";

nlohmann::json readManifest(const fs::path& folder) {
  const fs::path path = folder / kManifest;
  if (!fs::is_directory(folder)) fail("no model package at ", folder.string(), ": the folder does not exist");
  if (!fs::exists(path)) fail("no model package at ", folder.string(), ": it holds no ", kManifest);
  auto manifest = readJson(path);
  const int version = manifest.is_object() ? manifest.value("schema_version", 0) : 0;
  if (version != kSchemaVersion)
    fail(path.string(), ": schema_version is ", version, ", this program reads ", kSchemaVersion);
  return manifest;
}

void requireSameStride(const nlohmann::json& manifest, const ModelSpec& spec, const std::string& where) {
  if (manifest.value("stride", spec.stride()) != spec.stride())
    fail(where, ": stride ", manifest["stride"], " does not agree with the architecture's ", spec.stride());
}

}  // namespace

int copyInto(torch::nn::Module& module, const TensorFile& file, bool allowMissing, const std::string& where) {
  torch::NoGradGuard guard;
  int copied = 0;
  for (auto& [name, tensor] : namedTensors(module)) {
    const auto found = file.tensors.find(name);
    const bool fits = found != file.tensors.end() && found->second.sizes() == tensor.sizes();
    if (!fits && allowMissing) continue;
    if (found == file.tensors.end()) fail(where, ": tensor ", name, " is missing");
    if (!fits) fail(where, ": tensor ", name, " has shape ", found->second.sizes(), ", the model needs ", tensor.sizes());
    if (!at::isfinite(found->second).all().item<bool>()) fail(where, ": tensor ", name, " holds values that are not finite");
    tensor.copy_(found->second);
    ++copied;
  }
  return copied;
}

Package loadPackage(const fs::path& folder) {
  Package package;
  package.folder = folder;
  package.manifest = readManifest(folder);
  const std::string where = (folder / kManifest).string();
  if (!package.manifest.contains("architecture")) fail(where, ": \"architecture\" is missing");
  const ModelSpec spec = modelSpecFromJson(package.manifest["architecture"], where);
  requireSameStride(package.manifest, spec, where);
  const std::string bytes = readFile(folder / kWeights);
  const TensorFile file = parseSafetensors(bytes, (folder / kWeights).string());
  package.sha256 = sha256(bytes);
  package.model = DffModel(spec);
  copyInto(*package.model, file, /*allowMissing=*/false, (folder / kWeights).string());
  if (package.manifest.value("sha256", package.sha256) != package.sha256)
    fail((folder / kWeights).string(), " does not have the SHA-256 that ", kManifest, " names; the package is damaged");
  package.model->eval();
  return package;
}

void savePackage(const fs::path& folder, nlohmann::json manifest, const ModelSpec& spec, const NamedTensors& weights) {
  fs::create_directories(folder);
  const std::string bytes = toSafetensors(weights);
  manifest["schema_version"] = kSchemaVersion;
  manifest["architecture"] = toJson(spec);
  manifest["stride"] = spec.stride();
  manifest["sha256"] = sha256(bytes);
  writeFileAtomically(folder / kWeights, bytes);
  writeJson(folder / kManifest, manifest);
}

}  // namespace dff
