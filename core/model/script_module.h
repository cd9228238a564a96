#pragma once
#include <ATen/core/Tensor.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "core/model/flow_estimate.h"
#include "core/model/spec.h"

namespace torch::jit {
struct Module;
}

namespace dff {

/// A network exported from PyTorch (`torch.jit.script(net).save(..)`, or trace), run on the CPU in evaluation mode.
///
/// TorchScript is code. It is interpreted and can do no more than its operators: one that reaches beyond computing
/// (files, printing, processes, other machines, native classes), or that would run something on being read
/// (`__setstate__`), is refused before anything of it has run. What is left can still take memory and time without end.
class ScriptModule {
 public:
  /// From a file's bytes; `inputs` is how many tensors its forward takes, `name` the file's, for messages. Throws
  /// Error.
  ScriptModule(std::string_view bytes, int inputs, const std::string& name);
  ~ScriptModule();

  /// One tensor, or the tensors of a tuple. Throws Error where the module fails or gives something else.
  FewTensors run(at::ArrayRef<at::Tensor> inputs) const;

  /// `map` as float, after a look at its shape; throws Error naming `what` it is and what it should have been.
  at::Tensor checked(const at::Tensor& map, at::IntArrayRef sizes, const char* what) const;

  /// The same with its weights as constants and batch normalisation folded; made once.
  std::shared_ptr<const ScriptModule> forInference() const;

  int64_t parameters() const;
  /// Every parameter's name by its tensor, for counting (not of forInference()'s).
  std::map<const void*, std::string> parameterNames() const;

 private:
  ScriptModule(std::unique_ptr<torch::jit::Module> module, std::string name);

  std::string name_;
  std::unique_ptr<torch::jit::Module> module_;
  mutable std::once_flag optimized_;
  mutable std::shared_ptr<const ScriptModule> optimum_;
};
using ScriptPtr = std::shared_ptr<const ScriptModule>;

/// The modules of a package; empty where a part is none.
struct ScriptNets {
  ScriptPtr feature;       ///< picture [N,3,H,W] float, normalised -> feature [N,C,H/stride,W/stride]
  ScriptPtr flow;          ///< (cur, key), pictures as above -> keyFromCur [N,2,h,w], or with a scale map [N,C,h,w]
  ScriptPtr segmentation;  ///< feature -> logits [N,classes,u h,u w], u = upscale

  ScriptNets forInference() const;
};

/// Reads the modules that the spec names; `addBytes` is given the bytes of each, in the order above. Throws Error.
ScriptNets loadScripts(const ModelSpec& spec, const std::filesystem::path& folder,
                       const std::function<void(std::string_view)>& addBytes);

/// The feature map that a module makes of a picture whose sides are multiples of the stride.
at::Tensor scriptFeature(const ScriptModule& script, const at::Tensor& pixels, const ModelSpec& spec);

/// The logits that a module reads from a feature map.
at::Tensor scriptLogits(const ScriptModule& script, const at::Tensor& feature, const ModelSpec& spec);

}  // namespace dff
