#include "core/model/tensor_files/foreign_file.h"

#include <torch/torch.h>

#include <algorithm>

#include "core/base/registry.h"

namespace dff {
namespace {

bool startsWith(std::string_view bytes, std::string_view magic) { return bytes.substr(0, magic.size()) == magic; }

bool isMxnet(std::string_view bytes) { return startsWith(bytes, std::string_view("\x12\x01\0\0\0\0\0\0", 8)); }
bool isZip(std::string_view bytes) { return startsWith(bytes, "PK\x03\x04"); }
bool isSafetensors(std::string_view bytes) { return bytes.size() > 8 && bytes[8] == '{'; }

struct Format : Kind<std::vector<ForeignTensor> (*)(std::string_view, const std::string&)> {
  bool (*recognizes)(std::string_view bytes);
};
constexpr Format kFormats[] = {
    {{"params", "MXNet, from its first version on (.params)", parseMxnet}, isMxnet},
    {{"pth", "PyTorch state dict as torch.save writes it since 1.6 (.pth, .pt)", parseTorchZip}, isZip},
    {{"safetensors", "safetensors", parseForeignSafetensors}, isSafetensors},
};

const Format& formatOf(std::string_view bytes, const std::string& where) {
  for (const Format& format : kFormats)
    if (format.recognizes(bytes)) return format;
  if (startsWith(bytes, "\x80"))
    fail(where,
         " is a pickle without a zip archive; save it again with PyTorch 1.6 or later: "
         "torch.save(torch.load(FILE), NEW_FILE)");
  fail(where, " is none of the weights files known: ", knownNames(kFormats));
}

at::Tensor strided(const ForeignTensor& t) {
  int64_t extent = 1;
  for (size_t i = 0; i < t.shape.size(); ++i) extent += (t.shape[i] - 1) * t.strides[i];
  at::Tensor storage = at::empty({extent}, t.type);
  std::memcpy(storage.data_ptr(), t.values.data(), storage.nbytes());
  return storage.as_strided(t.shape, t.strides).contiguous();
}

}  // namespace

int64_t ForeignTensor::count() const {
  int64_t count = 1;
  for (const int64_t side : shape) count *= side;
  return count;
}

at::Tensor ForeignTensor::read() const {
  if (type == at::ScalarType::Undefined || !at::isFloatingType(type))
    fail("tensor ", name, " does not hold floating-point numbers");
  if (count() == 0) return at::empty(shape, at::kFloat);
  if (!strides.empty()) return strided(*this).to(at::kFloat);
  at::Tensor tensor = at::empty(shape, type);
  std::memcpy(tensor.data_ptr(), values.data(), tensor.nbytes());
  return tensor.to(at::kFloat);
}

void ForeignTensor::readInto(at::Tensor& to) const {
  if (type == at::kFloat && strides.empty() && to.scalar_type() == at::kFloat && to.is_contiguous())
    std::memcpy(to.data_ptr(), values.data(), to.nbytes());
  else
    to.copy_(read());
}

int64_t checkedCount(const std::vector<int64_t>& shape, uint64_t most, const std::string& what) {
  uint64_t count = 1;
  for (const int64_t side : shape)
    if (side < 0 || __builtin_mul_overflow(count, uint64_t(side), &count)) fail(what, " has an impossible shape");
  if (count > most) fail(what, " claims ", count, " values, more than the file can hold");
  return int64_t(count);
}

std::string_view ByteReader::take(uint64_t count, const std::string& what) {
  if (count > left())
    fail(where_, " is truncated: ", what, " at byte ", at_, " needs ", count, " bytes, ", left(), " are left");
  const auto taken = bytes_.substr(at_, count);
  at_ += count;
  return taken;
}

std::string helpOfForeignFormats() { return helpLines(kFormats); }

std::vector<ForeignTensor> parseForeign(std::string_view bytes, const std::string& where) {
  return formatOf(bytes, where).make(bytes, where);
}

ForeignFile openForeignFile(const std::filesystem::path& path) {
  ForeignFile opened;
  opened.name = path.string();
  opened.file = std::make_shared<MappedFile>(path);
  const Format& format = formatOf(opened.file->bytes(), path.string());
  opened.format = format.name;
  opened.tensors = format.make(opened.file->bytes(), path.string());
  return opened;
}

}  // namespace dff
