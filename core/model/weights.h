#pragma once
#include "core/model/dff_model.h"
#include "core/model/safetensors.h"

namespace dff {

/// Copies tensors of a file into a module by name. With `allowMissing` false every one must be there and fit;
/// otherwise those that are missing or shaped otherwise are left alone. Returns how many were copied.
int copyInto(torch::nn::Module& module, const TensorFile& file, bool allowMissing, const std::string& where);

}  // namespace dff
