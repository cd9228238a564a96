#pragma once
#include <ATen/core/Tensor.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/mapped_file.h"

namespace dff {

/// A tensor in a file of another program's making: what it is, and where its values lie.
struct ForeignTensor {
  std::string name;
  at::ScalarType type = at::ScalarType::Undefined;  ///< undefined: one that LibTorch does not know
  std::vector<int64_t> shape;
  std::vector<int64_t> strides = {};  ///< in elements; empty: row-major and dense
  std::string_view values;            ///< from the first element on

  int64_t count() const;
  /// The values as float32, row-major; throws Error naming the tensor where they are not numbers that a network has.
  at::Tensor read() const;
  /// The same into a dense float32 tensor of this shape, without a copy in between where the file holds such values.
  void readInto(at::Tensor& to) const;
};

/// What a weights file holds. The tensors look into the file, which stays mapped.
struct ForeignFile {
  std::string name;    ///< as it was opened, for errors
  std::string format;  ///< row of the table in foreign_file.cpp
  std::vector<ForeignTensor> tensors;
  std::shared_ptr<MappedFile> file;
};

/// Reads the table of contents of an MXNet .params, PyTorch .pth (zip) or .safetensors file, told apart by content.
/// Nothing in the file is run. Every length is checked before it is used, and no more memory is taken than 1 MiB and
/// four times the file's size. Throws Error naming the file and the place.
ForeignFile openForeignFile(const std::filesystem::path& path);

/// The formats, one a line.
std::string helpOfForeignFormats();

/// The same from bytes in memory; `where` names them in errors.
std::vector<ForeignTensor> parseForeign(std::string_view bytes, const std::string& where);
std::vector<ForeignTensor> parseMxnet(std::string_view bytes, const std::string& where);
std::vector<ForeignTensor> parseTorchZip(std::string_view bytes, const std::string& where);
std::vector<ForeignTensor> parseForeignSafetensors(std::string_view bytes, const std::string& where);

/// Product of the sides; throws Error with `what` when one is negative or the product is larger than `most`.
int64_t checkedCount(const std::vector<int64_t>& shape, uint64_t most, const std::string& what);

/// Reads little-endian values from bytes, never past their end.
class ByteReader {
 public:
  ByteReader(std::string_view bytes, std::string where) : bytes_(bytes), where_(std::move(where)) {}

  /// Throws Error "... is truncated: `what` needs ..." where they are not there.
  std::string_view take(uint64_t count, const std::string& what);
  template <class T>
  T value(const std::string& what) {
    T number;
    std::memcpy(&number, take(sizeof number, what).data(), sizeof number);
    return number;
  }
  uint64_t left() const { return bytes_.size() - at_; }
  uint64_t at() const { return at_; }

 private:
  std::string_view bytes_;
  std::string where_;
  uint64_t at_ = 0;
};

}  // namespace dff
