#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/model/model_ptr.h"
#include "core/model/spec.h"
#include "core/model/tensor_files/safetensors.h"

namespace dff {

/// A model on disk: a folder with `model.json` (what it is) and `weights.safetensors`; parts of the kind "torchscript"
/// are files of their own, and where all are there are no weights.
struct Package {
  std::filesystem::path folder;
  nlohmann::json manifest;
  std::string sha256;  ///< of weights.safetensors, after the modules' files (feature, flow, segmentation)
  ModelSpec spec;
  ModelPtr model;

  std::string name() const { return manifest.value("name", folder.filename().string()); }
};

/// Loads and checks a package: JSON, schema version, hash, and every tensor's presence, shape and finiteness.
/// The model comes back in evaluation mode. Throws Error naming the file and the tensor.
Package loadPackage(const std::filesystem::path& folder);

/// A model of this shape with random weights, without a folder: to time what has not been trained.
Package untrainedPackage(const std::string& name, const ModelSpec& spec);

/// What a package's model.json says of the networks, without their weights.
ModelSpec packageSpec(const std::filesystem::path& folder);

/// How savePackage writes convolutions: as float16, which is finer than inference in bfloat16, or as they are.
enum class Stored { Compact, Exact };

/// Writes both files, weights first, each atomically. `manifest` needs "name"; the rest (schema_version, architecture,
/// stride, sha256) is filled in.
void savePackage(const std::filesystem::path& folder, nlohmann::json manifest, const ModelSpec& spec,
                 const NamedTensors& weights, Stored stored = Stored::Compact);

}  // namespace dff
