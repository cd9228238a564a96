#include "core/model/weights.h"

namespace dff {

int copyInto(torch::nn::Module& module, const TensorFile& file, bool allowMissing, const std::string& where) {
  torch::NoGradGuard guard;
  int copied = 0;
  for (auto& [name, tensor] : namedTensors(module)) {
    const auto found = file.tensors.find(name);
    const bool fits = found != file.tensors.end() && found->second.sizes() == tensor.sizes();
    if (!fits && allowMissing) continue;
    if (found == file.tensors.end()) fail(where, ": tensor ", name, " is missing");
    if (!fits)
      fail(where, ": tensor ", name, " has shape ", found->second.sizes(), ", the model needs ", tensor.sizes());
    if (!at::isfinite(found->second).all().item<bool>())
      fail(where, ": tensor ", name, " holds values that are not finite");
    tensor.copy_(found->second);
    ++copied;
  }
  return copied;
}

TensorFile meanOf(const std::vector<TensorFile>& files, const std::vector<std::string>& names) {
  TensorFile mean = files.at(0);
  for (auto& [name, tensor] : mean.tensors) {
    auto sum = tensor.to(torch::kDouble);
    for (size_t i = 1; i < files.size(); ++i) {
      const auto found = files[i].tensors.find(name);
      if (found == files[i].tensors.end() || found->second.sizes() != tensor.sizes())
        fail(names.at(i), ": tensor ", name, " is not as in ", names[0], "; a mean is of packages of one architecture");
      sum += found->second.to(torch::kDouble);
    }
    if (tensor.is_floating_point()) tensor = (sum / double(files.size())).to(torch::kFloat);
  }
  return mean;
}

}  // namespace dff
