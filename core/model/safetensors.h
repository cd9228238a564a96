#pragma once
#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace dff {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

/// What a safetensors file holds.
struct TensorFile {
  std::map<std::string, at::Tensor> tensors;
  std::map<std::string, std::string> metadata;
};

/// Reads a .safetensors file (float32, float64, bfloat16, float16, int64, uint8). Everything is checked before use:
/// header length, JSON, types, shapes, offsets without gaps or overlaps. Throws Error naming the file and the tensor.
TensorFile readSafetensors(const std::filesystem::path& path);

/// The same from bytes in memory; `where` names them in errors.
TensorFile parseSafetensors(std::string_view bytes, const std::string& where);

/// The bytes of a .safetensors file with these tensors, in this order.
std::string toSafetensors(const NamedTensors& tensors, const std::map<std::string, std::string>& metadata = {});

}  // namespace dff
