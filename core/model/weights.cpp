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

}  // namespace dff
