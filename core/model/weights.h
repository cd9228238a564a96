#pragma once
#include "core/model/dff_model.h"
#include "core/model/tensor_files/safetensors.h"

namespace dff {

/// Copies tensors of a file into a module by name. With `allowMissing` false every one must be there and fit;
/// otherwise those that are missing or shaped otherwise are left alone. Returns how many were copied.
int copyInto(torch::nn::Module& module, const TensorFile& file, bool allowMissing, const std::string& where);

/// The mean of files that hold the same tensors, for runs that started alike: their mean is often better than each
/// (Wortsman et al., "Model soups", 2022). `names`: theirs, for errors. Throws Error naming what does not fit.
TensorFile meanOf(const std::vector<TensorFile>& files, const std::vector<std::string>& names);

}  // namespace dff
