#include "core/model/package.h"

#include "core/base/file.h"
#include "core/model/weights.h"

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

ModelSpec specOf(const nlohmann::json& manifest, const fs::path& folder) {
  const std::string where = (folder / kManifest).string();
  if (!manifest.contains("architecture")) fail(where, ": \"architecture\" is missing");
  const ModelSpec spec = modelSpecFromJson(manifest["architecture"], where);
  requireSameStride(manifest, spec, where);
  return spec;
}

/// The weights of all that is no module of the package's own.
void loadWeights(const Package& package, const std::function<void(std::string_view)>& addBytes) {
  if (namedTensors(*package.model).empty()) return;
  const fs::path path = package.folder / kWeights;
  const std::string bytes = readFile(path);
  addBytes(bytes);
  copyInto(*package.model, parseSafetensors(bytes, path.string()), /*allowMissing=*/false, path.string());
}

/// Convolutions are kept as float16: half the bytes, and rounded finer than inference in bfloat16 rounds them anyway.
NamedTensors compact(const NamedTensors& weights) {
  NamedTensors stored;
  for (const auto& [name, tensor] : weights) {
    const auto half = tensor.dim() == 4 ? tensor.to(torch::kHalf) : tensor;
    stored.emplace_back(name, at::isfinite(half).all().item<bool>() ? half : tensor);
  }
  return stored;
}

}  // namespace

ModelSpec packageSpec(const fs::path& folder) { return specOf(readManifest(folder), folder); }

Package untrainedPackage(const std::string& name, const ModelSpec& spec) {
  Package package;
  package.manifest = {{"name", name}};
  package.spec = spec;
  package.model = std::make_shared<DffModel>(spec);
  package.model->eval();
  return package;
}

Package loadPackage(const fs::path& folder) {
  Package package;
  package.folder = folder;
  package.manifest = readManifest(folder);
  package.spec = specOf(package.manifest, folder);
  Sha256 hash;
  const auto addBytes = [&](std::string_view bytes) { hash.add(bytes); };
  package.model = std::make_shared<DffModel>(package.spec, loadScripts(package.spec, folder, addBytes));
  loadWeights(package, addBytes);
  package.sha256 = hash.hex();
  if (package.manifest.value("sha256", package.sha256) != package.sha256)
    fail("what lies in ", folder.string(), " does not have the SHA-256 that ", kManifest,
         " names; the package is damaged");
  package.model->eval();
  return package;
}

void savePackage(const fs::path& folder, nlohmann::json manifest, const ModelSpec& spec, const NamedTensors& weights,
                 Stored stored) {
  fs::create_directories(folder);
  AtomicFile file(folder / kWeights);
  Sha256 hash;
  writeSafetensors(stored == Stored::Compact ? compact(weights) : weights, {}, [&](std::string_view bytes) {
    file.write(bytes);
    hash.add(bytes);
  });
  manifest["schema_version"] = kSchemaVersion;
  manifest["architecture"] = toJson(spec);
  manifest["stride"] = spec.stride();
  manifest["sha256"] = hash.hex();
  file.commit();
  writeJson(folder / kManifest, manifest);
}

}  // namespace dff
