// PyTorch's state dicts (reference section 11): a zip archive of one pickle and raw storages.
#include <algorithm>

#include "core/base/error.h"
#include "core/model/tensor_files/foreign_file.h"
#include "core/model/tensor_files/unpickler.h"
#include "core/model/tensor_files/zip_reader.h"

namespace dff {
namespace {

constexpr size_t kFreeBytes = 512 << 10;  // that a pickle's objects may take whatever the file's size
constexpr size_t kLeastTensorBytes = 64;  // of the archive's directory and the pickle
constexpr const char* kNests[] = {"state_dict", "model_state_dict", "model", "net"};

struct Storage {
  const char* name;
  at::ScalarType type;
};
constexpr Storage kStorages[] = {{"torch.FloatStorage", at::kFloat}, {"torch.DoubleStorage", at::kDouble},
                                 {"torch.HalfStorage", at::kHalf},   {"torch.BFloat16Storage", at::kBFloat16},
                                 {"torch.LongStorage", at::kLong},   {"torch.IntStorage", at::kInt},
                                 {"torch.ShortStorage", at::kShort}, {"torch.CharStorage", at::kChar},
                                 {"torch.ByteStorage", at::kByte},   {"torch.BoolStorage", at::kBool}};

/// The archive's files, under its one top folder.
class Archive {
 public:
  Archive(std::string_view bytes, std::string where) : members_(readZip(bytes, where)), where_(std::move(where)) {
    for (const auto& m : members_)
      if (m.name.size() >= 8 && m.name.substr(m.name.size() - 8) == "data.pkl")
        folder_ = m.name.substr(0, m.name.size() - 8);
  }
  std::string_view at(const std::string& name) const {
    for (const auto& m : members_)
      if (m.name == folder_ + name) return m.bytes;
    const bool numpy = !members_.empty() && members_[0].name.ends_with(".npy");
    fail(where_, numpy ? ": NumPy archives (.npz) are not read; save the model with mx.nd.save in the older format"
                       : ": the archive has no " + name + "; it is no state dict of torch.save");
  }
  const std::string& where() const { return where_; }

 private:
  std::vector<ZipMember> members_;
  std::string where_, folder_;
};

const PickleObject* objectIn(const PickleValue& value, PickleKind kind) {
  const auto* object = std::get_if<const PickleObject*>(&value);
  return object && (*object)->kind == kind ? *object : nullptr;
}

std::vector<int64_t> sidesOf(const PickleValue& value, const std::string& what) {
  std::vector<int64_t> sides;
  for (const auto& item : objectIn(value, PickleKind::Tuple)->items) {
    if (!std::holds_alternative<int64_t>(item)) fail(what, " has a shape that is not of numbers");
    sides.push_back(std::get<int64_t>(item));
  }
  if (sides.size() > 32) fail(what, " has ", sides.size(), " dimensions; up to 32 are read");
  return sides;
}

/// The last element that a tensor touches, counted from its first.
int64_t reach(const ForeignTensor& t, const std::string& what) {
  int64_t last = 0, step = 0;
  for (size_t i = 0; i < t.shape.size(); ++i)
    if (t.strides[i] < 0 || __builtin_mul_overflow(t.shape[i] - 1, t.strides[i], &step) ||
        __builtin_add_overflow(last, step, &last))
      fail(what, " has impossible strides");
  return last;
}

ForeignTensor tensorOf(const std::string& name, const PickleObject& tensor, const Archive& archive) {
  const std::string what = archive.where() + ": tensor " + name;
  const PickleObject& storage = *objectIn(tensor.items[0], PickleKind::Storage);
  const auto kind = std::find_if(std::begin(kStorages), std::end(kStorages),
                                 [&](const Storage& s) { return storage.name == s.name; });
  if (kind == std::end(kStorages)) fail(what, " lies in a ", storage.name, ", which is no storage of values");
  const auto values = archive.at("data/" + std::string(std::get<std::string_view>(storage.items[0])));
  const uint64_t size = at::elementSize(kind->type), elements = values.size() / size;
  ForeignTensor t{name, kind->type, sidesOf(tensor.items[2], what), sidesOf(tensor.items[3], what), {}};
  if (t.shape.size() != t.strides.size())
    fail(what, " has ", t.shape.size(), " sides and ", t.strides.size(), " strides");
  const auto first = std::get<int64_t>(tensor.items[1]);
  if (first < 0 || uint64_t(first) > elements) fail(what, " begins behind the end of its storage");
  const int64_t count = checkedCount(t.shape, elements, what);
  if (count > 0 && uint64_t(reach(t, what)) >= elements - uint64_t(first))
    fail(what, " ends behind the end of its storage");
  t.values = values.substr(uint64_t(first) * size);
  return t;
}

/// The dict of tensors: the pickle itself, or what it keeps under one of the usual names.
const PickleObject& stateDict(const PickleValue& root, const std::string& where) {
  const PickleObject* dict = objectIn(root, PickleKind::Dict);
  if (!dict) fail(where, ": the pickle is no dictionary of tensors");
  for (size_t i = 0; i + 1 < dict->items.size(); i += 2)
    for (const char* nest : kNests)
      if (dict->items[i] == PickleValue(std::string_view(nest)))
        if (const auto* inner = objectIn(dict->items[i + 1], PickleKind::Dict)) return *inner;
  return *dict;
}

}  // namespace

std::vector<ForeignTensor> parseTorchZip(std::string_view bytes, const std::string& where) {
  const Archive archive(bytes, where);
  Unpickler unpickler(archive.at("data.pkl"), where, kFreeBytes + 2 * bytes.size());
  const PickleObject& dict = stateDict(unpickler.read(), where);
  if (dict.items.size() / 2 > bytes.size() / kLeastTensorBytes)
    fail(where, ": the pickle names more tensors than the file can hold");
  std::vector<ForeignTensor> tensors;
  for (size_t i = 0; i + 1 < dict.items.size(); i += 2) {
    const auto* name = std::get_if<std::string_view>(&dict.items[i]);
    const auto* tensor = objectIn(dict.items[i + 1], PickleKind::Tensor);
    if (name && tensor) tensors.push_back(tensorOf(std::string(*name), *tensor, archive));
  }
  if (tensors.empty()) fail(where, ": the pickle holds no tensors by name");
  return tensors;
}

}  // namespace dff
