#include <ATen/ATen.h>

#include "core/model/tensor_files/foreign_file.h"
#include "core/model/tensor_files/safetensors.h"

namespace dff {

std::vector<ForeignTensor> parseForeignSafetensors(std::string_view bytes, const std::string& where) {
  std::vector<ForeignTensor> tensors;
  for (const auto& e : safetensorsEntries(bytes, where))
    tensors.push_back({e.name, e.type, e.shape, {}, bytes.substr(e.begin, e.end - e.begin)});
  return tensors;
}

}  // namespace dff
