#include "core/model/tensor_files/safetensors.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"

namespace dff {
namespace {

using nlohmann::json;

constexpr uint64_t kMaxHeader = 100u << 20;  // the reference implementation's cap

struct Type {
  const char* name;
  at::ScalarType scalar;
};
constexpr Type kTypes[] = {{"F32", at::kFloat}, {"F64", at::kDouble}, {"BF16", at::kBFloat16},
                           {"F16", at::kHalf},  {"I64", at::kLong},   {"U8", at::kByte}};

using Entry = SafetensorsEntry;

uint64_t byteCount(const Entry& e, const std::string& where) {
  uint64_t count = at::elementSize(e.type);
  for (int64_t n : e.shape) {
    if (n < 0 || __builtin_mul_overflow(count, static_cast<uint64_t>(n), &count))
      fail(where, ": tensor ", e.name, " has an impossible shape");
  }
  return count;
}

Entry parseEntry(const std::string& name, const json& row, const std::string& where) {
  Entry e{name, at::kFloat, row.at("shape").get<std::vector<int64_t>>(), 0, 0};
  const auto type = row.at("dtype").get<std::string>();
  const auto known = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const Type& t) { return type == t.name; });
  if (known == std::end(kTypes)) fail(where, ": tensor ", name, " has the unknown type ", type);
  e.type = known->scalar;
  const auto offsets = row.at("data_offsets").get<std::array<uint64_t, 2>>();
  e.begin = offsets[0];
  e.end = offsets[1];
  return e;
}

json parseHeader(std::string_view bytes, const std::string& where) {
  uint64_t length = 0;
  if (bytes.size() < 8) fail(where, " is too short to be a safetensors file");
  std::memcpy(&length, bytes.data(), 8);
  if (length > kMaxHeader) fail(where, ": the header claims ", length, " bytes, more than any real one");
  if (length > bytes.size() - 8)
    fail(where, " is truncated: the header claims ", length, " bytes, ", bytes.size() - 8, " are there");
  json header = json::parse(bytes.substr(8, length), nullptr, /*allow_exceptions=*/false);
  if (!header.is_object()) fail(where, ": the header is not a JSON object");
  return header;
}

/// Entries in the order of their data, which must fill the file without gap or overlap.
void requireContiguous(std::vector<Entry>& entries, uint64_t size, const std::string& where) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.begin < b.begin; });
  uint64_t at = 0;
  for (const auto& e : entries) {
    if (e.begin != at || e.end < e.begin || e.end > size || e.end - e.begin != byteCount(e, where))
      fail(where, ": tensor ", e.name, " does not lie where its shape says; the file is damaged or truncated");
    at = e.end;
  }
  if (at != size) fail(where, ": ", size - at, " bytes follow the last tensor");
}

/// The entries in the order of their data, offsets counted from the start of the file.
std::vector<Entry> entriesOf(const json& header, std::string_view bytes, const std::string& where) {
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  std::vector<Entry> entries;
  for (const auto& [name, row] : header.items())
    if (name != "__metadata__") entries.push_back(parseEntry(name, row, where));
  requireContiguous(entries, bytes.size() - 8 - length, where);
  for (Entry& e : entries) e.begin += 8 + length, e.end += 8 + length;
  return entries;
}

}  // namespace

std::vector<SafetensorsEntry> safetensorsEntries(std::string_view bytes, const std::string& where) try {
  return entriesOf(parseHeader(bytes, where), bytes, where);
} catch (const json::exception& e) {
  fail(where, ": the header is not that of a safetensors file: ", e.what());
}

TensorFile parseSafetensors(std::string_view bytes, const std::string& where) try {
  const json header = parseHeader(bytes, where);
  TensorFile file;
  if (header.contains("__metadata__")) file.metadata = header["__metadata__"].get<std::map<std::string, std::string>>();
  for (const auto& e : entriesOf(header, bytes, where)) {
    at::Tensor tensor = at::empty(e.shape, e.type);
    if (e.end > e.begin) std::memcpy(tensor.data_ptr(), bytes.data() + e.begin, e.end - e.begin);
    file.tensors.emplace(e.name, tensor);
  }
  return file;
} catch (const json::exception& e) {
  fail(where, ": the header is not that of a safetensors file: ", e.what());
}

TensorFile readSafetensors(const std::filesystem::path& path) {
  return parseSafetensors(readFile(path), path.string());
}

std::string toSafetensors(const NamedTensors& tensors, const std::map<std::string, std::string>& metadata) {
  std::string bytes;
  writeSafetensors(tensors, metadata, [&](std::string_view piece) { bytes += piece; });
  return bytes;
}

void writeSafetensors(const NamedTensors& tensors, const std::map<std::string, std::string>& metadata,
                      const std::function<void(std::string_view)>& write) {
  json header = json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t at = 0;
  for (const auto& [name, tensor] : tensors) {
    const auto type = std::find_if(std::begin(kTypes), std::end(kTypes),
                                   [&](const Type& t) { return t.scalar == tensor.scalar_type(); });
    if (type == std::end(kTypes)) fail("tensor ", name, " has a type that safetensors files are not written with");
    header[name] = {
        {"dtype", type->name}, {"shape", tensor.sizes().vec()}, {"data_offsets", {at, at + tensor.nbytes()}}};
    at += tensor.nbytes();
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const uint64_t length = text.size();
  write({reinterpret_cast<const char*>(&length), 8});
  write(text);
  for (const auto& [name, tensor] : tensors) {
    const auto flat = tensor.detach().cpu().contiguous();
    write({static_cast<const char*>(flat.data_ptr()), flat.nbytes()});
  }
}

}  // namespace dff
