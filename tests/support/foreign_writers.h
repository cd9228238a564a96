#pragma once
#include <torch/torch.h>

#include <string>
#include <utility>
#include <vector>

// Files as MXNet and PyTorch write them, byte by byte.
namespace dff::test {

using NamedValues = std::vector<std::pair<std::string, torch::Tensor>>;

template <class T>
void put(std::string& to, T value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

inline void putBytes(std::string& to, const torch::Tensor& tensor) {
  const auto dense = tensor.detach().contiguous();
  to.append(static_cast<const char*>(dense.data_ptr()), dense.nbytes());
}

/// The way MXNet wrote an array's header; the newest first had it in 2019.
enum class ParamsVersion { Legacy, V1, V2, V3 };

inline int mxnetType(const torch::Tensor& t) {
  const at::ScalarType types[] = {at::kFloat, at::kDouble, at::kHalf, at::kByte, at::kInt, at::kChar, at::kLong};
  for (int i = 0; i < 7; ++i)
    if (t.scalar_type() == types[i]) return i;
  return -1;
}

inline void putArray(std::string& to, const torch::Tensor& t, ParamsVersion version) {
  const uint32_t tags[] = {uint32_t(t.dim()), 0xF993FAC8, 0xF993FAC9, 0xF993FACA};
  put(to, tags[int(version)]);
  if (version >= ParamsVersion::V2) put(to, int32_t(0));
  if (version != ParamsVersion::Legacy) put(to, int32_t(t.dim()));
  for (const int64_t side : t.sizes())
    if (version == ParamsVersion::Legacy)
      put(to, uint32_t(side));
    else
      put(to, side);
  put(to, int32_t(1)), put(to, int32_t(0)), put(to, int32_t(mxnetType(t)));
  putBytes(to, t);
}

inline std::string paramsFile(const NamedValues& values, ParamsVersion version = ParamsVersion::Legacy) {
  std::string to;
  put(to, uint64_t(0x112)), put(to, uint64_t(0)), put(to, uint64_t(values.size()));
  for (const auto& [name, tensor] : values) putArray(to, tensor, version);
  put(to, uint64_t(values.size()));
  for (const auto& [name, tensor] : values) put(to, uint64_t(name.size())), to += name;
  return to;
}

/// A zip archive whose members are stored.
inline std::string zipFile(const std::vector<std::pair<std::string, std::string>>& members, uint16_t method = 0) {
  std::string to, directory;
  for (const auto& [name, bytes] : members) {
    const auto at = uint32_t(to.size()), size = uint32_t(bytes.size());
    put(to, uint32_t(0x04034b50));
    const auto common = [&](std::string& s) {
      put(s, uint16_t(20)), put(s, uint16_t(0)), put(s, method), put(s, uint32_t(0)), put(s, uint32_t(0));
      put(s, size), put(s, size), put(s, uint16_t(name.size())), put(s, uint16_t(0));
    };
    common(to);
    to += name + bytes;
    put(directory, uint32_t(0x02014b50)), put(directory, uint16_t(20));
    common(directory);
    put(directory, uint16_t(0)), put(directory, uint16_t(0)), put(directory, uint16_t(0)), put(directory, uint32_t(0));
    put(directory, at);
    directory += name;
  }
  const auto start = uint32_t(to.size());
  to += directory;
  put(to, uint32_t(0x06054b50)), put(to, uint32_t(0));
  put(to, uint16_t(members.size())), put(to, uint16_t(members.size()));
  put(to, uint32_t(directory.size())), put(to, start), put(to, uint16_t(0));
  return to;
}

inline std::string pickled(const std::string& text) {
  std::string to = "X";
  put(to, uint32_t(text.size()));
  return to + text;
}
inline std::string pickled(int64_t number) {
  std::string to = "\x8a\x08";
  put(to, number);
  return to;
}
inline std::string pickled(at::IntArrayRef numbers) {
  std::string to = "(";
  for (const int64_t n : numbers) to += pickled(n);
  return to + "t";
}

inline std::string storageName(const torch::Tensor& t) {
  if (t.scalar_type() == at::kDouble) return "DoubleStorage";
  if (t.scalar_type() == at::kHalf) return "HalfStorage";
  return t.scalar_type() == at::kLong ? "LongStorage" : "FloatStorage";
}

/// _rebuild_tensor_v2(storage, first element, shape, strides, False, OrderedDict())
inline std::string pickledTensor(const torch::Tensor& t, const std::string& key) {
  return "ctorch._utils\n_rebuild_tensor_v2\n((" + pickled("storage") + "ctorch\n" + storageName(t) + "\n" +
         pickled(key) + pickled("cpu") + pickled(int64_t(t.storage().nbytes() / t.itemsize())) + "tQ" +
         pickled(t.storage_offset()) + pickled(t.sizes()) + pickled(t.strides()) + "\x89" +
         "ccollections\nOrderedDict\n)RtR";
}

/// What torch.save(model.state_dict()) writes: an OrderedDict with _metadata.
inline std::string pthFile(const NamedValues& values, const std::string& nest = "") {
  std::string dict = "ccollections\nOrderedDict\n)R(";
  std::vector<std::pair<std::string, std::string>> members;
  for (size_t i = 0; i < values.size(); ++i) {
    const torch::Tensor& t = values[i].second;
    dict += pickled(values[i].first) + pickledTensor(t, std::to_string(i));
    members.emplace_back("archive/data/" + std::to_string(i),
                         std::string(static_cast<const char*>(t.storage().data()), t.storage().nbytes()));
  }
  dict += "u}" + pickled("_metadata") + "ccollections\nOrderedDict\n)Rsb";
  if (!nest.empty()) dict = "}(" + pickled("epoch") + "K\x07" + pickled(nest) + dict + "u";
  members.insert(members.begin(), {"archive/data.pkl", "\x80\x02" + dict + "."});
  members.emplace_back("archive/version", "3\n");
  return zipFile(members);
}

}  // namespace dff::test
