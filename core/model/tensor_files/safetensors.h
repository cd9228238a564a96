#pragma once
#include <ATen/core/Tensor.h>

#include <filesystem>
#include <functional>
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

/// Where a tensor lies in a file, bytes from its start, the end excluded.
struct SafetensorsEntry {
  std::string name;
  at::ScalarType type;
  std::vector<int64_t> shape;
  uint64_t begin, end;
};

/// The checked table of contents alone, in the order of the data.
std::vector<SafetensorsEntry> safetensorsEntries(std::string_view bytes, const std::string& where);

/// The same from bytes in memory; `where` names them in errors.
TensorFile parseSafetensors(std::string_view bytes, const std::string& where);

/// Gives the bytes of a .safetensors file with these tensors, in this order, piece by piece.
void writeSafetensors(const NamedTensors& tensors, const std::map<std::string, std::string>& metadata,
                      const std::function<void(std::string_view)>& write);

/// The bytes of a .safetensors file with these tensors, in this order.
std::string toSafetensors(const NamedTensors& tensors, const std::map<std::string, std::string>& metadata = {});

}  // namespace dff
