#pragma once
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace caffe2::serialize {
class PyTorchStreamReader;
}
namespace torch::jit {
struct Module;
}

namespace dff {

/// Throws Error where a file's content is not what its directory says: LibTorch does not look.
void requireUndamaged(caffe2::serialize::PyTorchStreamReader& file, std::string_view bytes, const std::string& name);

/// Throws Error where a TorchScript file holds what would run on being read, before it is read: a `__setstate__`, or an
/// object of a native class.
void requireNothingRunsOnReading(caffe2::serialize::PyTorchStreamReader& file, const std::string& name);

/// Throws Error where any function that came with a module calls an operator that reaches beyond computing, or a tensor
/// that came with it reaches beyond its memory: LibTorch takes a file's word for how large that is.
void requireOnlyComputes(const torch::jit::Module& module, const std::string& name);

}  // namespace dff
