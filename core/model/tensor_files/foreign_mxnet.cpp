// MXNet's .params (reference section 10): a list of arrays and then their names, little-endian, unaligned.
#include <algorithm>

#include "core/base/error.h"
#include "core/model/tensor_files/foreign_file.h"

namespace dff {
namespace {

constexpr uint32_t kV1 = 0xF993FAC8, kV2 = 0xF993FAC9, kV3 = 0xF993FACA;
constexpr uint32_t kMostDimensions = 32;
constexpr uint64_t kLeastArrayBytes = 20;  // one dimension, context and type
constexpr uint64_t kLongestName = 1024;

struct Type {
  at::ScalarType scalar;
  uint64_t size;
};
constexpr auto kUnknown = at::ScalarType::Undefined;
constexpr Type kTypes[] = {{at::kFloat, 4}, {at::kDouble, 8}, {at::kHalf, 2},    {at::kByte, 1},  {at::kInt, 4},
                           {at::kChar, 1},  {at::kLong, 8},   {at::kBool, 1},    {at::kShort, 2}, {kUnknown, 2},
                           {kUnknown, 4},   {kUnknown, 8},    {at::kBFloat16, 2}};

template <class Side>
std::vector<int64_t> readSides(ByteReader& in, int64_t dimensions, const std::string& what) {
  if (dimensions < 1 || dimensions > int64_t(kMostDimensions))
    fail(what, " has ", dimensions, " dimensions; 1 to ", kMostDimensions, " are read");
  std::vector<int64_t> shape;
  for (int64_t i = 0; i < dimensions; ++i) shape.push_back(int64_t(in.value<Side>(what)));
  return shape;
}

/// The header's way to write a shape changed three times; a tag that is none of theirs is a number of dimensions.
std::vector<int64_t> readShape(ByteReader& in, const std::string& what) {
  const auto tag = in.value<uint32_t>(what);
  if (tag != kV1 && tag != kV2 && tag != kV3) return readSides<uint32_t>(in, tag, what);
  if (tag != kV1) {
    const auto storage = in.value<int32_t>(what);
    if (storage != 0)
      fail(what, storage == 1 || storage == 2 ? " is sparse" : " has no known storage", "; only dense ones are read");
  }
  return readSides<int64_t>(in, in.value<int32_t>(what), what);
}

ForeignTensor readArray(ByteReader& in, const std::string& what) {
  ForeignTensor tensor;
  tensor.shape = readShape(in, what);
  in.take(8, what);  // device type and number
  const auto type = in.value<int32_t>(what);
  if (type < 0 || size_t(type) >= std::size(kTypes)) fail(what, " has the unknown type ", type);
  tensor.type = kTypes[type].scalar;
  const auto count = uint64_t(checkedCount(tensor.shape, in.left() / kTypes[type].size, what));
  if (count == 0) fail(what, " is empty");
  tensor.values = in.take(count * kTypes[type].size, what);
  return tensor;
}

/// Names begin with "arg:" or "aux:"; order says nothing.
std::string readName(ByteReader& in, const std::string& what) {
  const auto length = in.value<uint64_t>(what);
  if (length > kLongestName) fail(what, " claims ", length, " bytes, more than any real one");
  const auto name = in.take(length, what);
  const size_t colon = name.find(':');
  return std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

}  // namespace

std::vector<ForeignTensor> parseMxnet(std::string_view bytes, const std::string& where) {
  ByteReader in(bytes, where);
  if (in.value<uint64_t>("the header") != 0x112) fail(where, " is not an MXNet .params file");
  in.value<uint64_t>("the header");
  const auto count = in.value<uint64_t>("the header");
  if (count > in.left() / kLeastArrayBytes)
    fail(where, ": the header claims ", count, " arrays, more than the file can hold");
  std::vector<ForeignTensor> tensors;
  for (uint64_t i = 0; i < count; ++i) tensors.push_back(readArray(in, text(where, ": array ", i)));
  const auto names = in.value<uint64_t>("the number of names");
  if (names != count) fail(where, " names ", names, " of its ", count, " arrays; a model's file names all");
  for (uint64_t i = 0; i < count; ++i) tensors[i].name = readName(in, text(where, ": the name of array ", i));
  if (in.left() > 0) fail(where, ": ", in.left(), " bytes follow the last name");
  return tensors;
}

}  // namespace dff
