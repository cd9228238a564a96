#include "core/model/script_module.h"

#include <caffe2/serialize/inline_container.h>
#include <caffe2/serialize/read_adapter_interface.h>
#include <torch/script.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/model/script_safety.h"

namespace dff {
namespace {

using torch::jit::Module;

/// A file in memory. Reading beyond its end gives less, which the reader takes as damage.
class Bytes : public caffe2::serialize::ReadAdapterInterface {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  size_t size() const override { return bytes_.size(); }
  size_t read(uint64_t at, void* to, size_t count, const char*) const override {
    return at > bytes_.size() ? 0 : bytes_.copy(static_cast<char*>(to), count, at);
  }

 private:
  std::string_view bytes_;
};

/// What went wrong without where in the interpreter it did.
std::string shortened(const std::string& message) {
  constexpr std::string_view kRaised = "RuntimeError: ";
  constexpr size_t kLongest = 240;
  const size_t raised = message.find(kRaised), from = raised == std::string::npos ? 0 : raised + kRaised.size();
  return message.substr(from, std::min(message.find('\n', from) - from, kLongest));
}

/// LibTorch's exceptions as ours.
template <class Work>
auto explained(const std::string& name, const char* what, const Work& work) {
  try {
    return work();
  } catch (const Error&) {
    throw;
  } catch (const c10::Error& e) {
    fail(name, " ", what, ": ", shortened(e.what_without_backtrace()));
  } catch (const std::exception& e) {
    fail(name, " ", what, ": ", shortened(e.what()));
  }
}

Module read(std::string_view bytes, const std::string& name) {
  return explained(name, "is no TorchScript module, or is damaged", [&] {
    const auto memory = std::make_shared<Bytes>(bytes);
    caffe2::serialize::PyTorchStreamReader file(memory);
    requireUndamaged(file, bytes, name);
    requireNothingRunsOnReading(file, name);
    Module module = torch::jit::load(memory, at::kCPU);
    requireOnlyComputes(module, name);
    return module;
  });
}

void requireForward(const Module& module, int inputs, const std::string& name) {
  const auto forward = module.find_method("forward");
  if (!forward) fail(name, " has no method \"forward\"");
  const int given = int(forward->function().getSchema().arguments().size()) - 1;  // without self
  if (given != inputs) fail(name, ": its forward takes ", given, " inputs, where ", inputs, " are given");
}

ScriptPtr inferring(const ScriptPtr& script) { return script ? script->forInference() : nullptr; }

}  // namespace

ScriptModule::ScriptModule(std::string_view bytes, int inputs, const std::string& name)
    : name_(name), module_(std::make_unique<Module>(read(bytes, name))) {
  requireForward(*module_, inputs, name_);
  module_->eval();
}

ScriptModule::ScriptModule(std::unique_ptr<Module> module, std::string name)
    : name_(std::move(name)), module_(std::move(module)) {}

ScriptModule::~ScriptModule() = default;

FewTensors ScriptModule::run(at::ArrayRef<at::Tensor> inputs) const {
  return explained(name_, "failed", [&] {
    const torch::NoGradGuard guard;
    const c10::IValue result = module_->forward(std::vector<c10::IValue>(inputs.begin(), inputs.end()));
    FewTensors tensors;
    if (result.isTensor()) tensors.push_back(result.toTensor());
    if (result.isTuple())
      for (const auto& part : result.toTupleRef().elements())
        if (part.isTensor()) tensors.push_back(part.toTensor());
    if (tensors.empty()) fail(name_, " gave no tensor, but a ", result.tagKind());
    return tensors;
  });
}

at::Tensor ScriptModule::checked(const at::Tensor& map, at::IntArrayRef sizes, const char* what) const {
  if (map.sizes() != sizes) fail(name_, " gave ", what, " of shape ", map.sizes(), ", where ", sizes, " was expected");
  return map.to(at::kCPU, at::kFloat);
}

std::shared_ptr<const ScriptModule> ScriptModule::forInference() const {
  std::call_once(optimized_, [this] {
    auto frozen = explained(name_, "cannot be made ready for inference",
                            [&] { return std::make_unique<Module>(torch::jit::freeze(*module_)); });
    optimum_.reset(new ScriptModule(std::move(frozen), name_));
  });
  return optimum_;
}

int64_t ScriptModule::parameters() const {
  int64_t count = 0;
  for (const auto& p : module_->parameters()) count += p.numel();
  return count;
}

std::map<const void*, std::string> ScriptModule::parameterNames() const {
  std::map<const void*, std::string> names;
  for (const auto& p : module_->named_parameters()) names[p.value.unsafeGetTensorImpl()] = p.name;
  return names;
}

ScriptNets ScriptNets::forInference() const { return {inferring(feature), inferring(flow), inferring(segmentation)}; }

ScriptNets loadScripts(const ModelSpec& spec, const std::filesystem::path& folder,
                       const std::function<void(std::string_view)>& addBytes) {
  const auto load = [&](bool there, const std::string& file, int inputs) -> ScriptPtr {
    if (!there) return nullptr;
    const std::string bytes = readFile(folder / file);
    addBytes(bytes);
    return std::make_shared<ScriptModule>(bytes, inputs, (folder / file).string());
  };
  ScriptNets nets;
  nets.feature = load(spec.scriptsFeature(), spec.feature.file, 1);
  nets.flow = load(spec.scriptsFlow(), spec.flow.file, 2);
  nets.segmentation = load(spec.scriptsSegmentation(), spec.segmentation.file, 1);
  return nets;
}

at::Tensor scriptFeature(const ScriptModule& script, const at::Tensor& pixels, const ModelSpec& spec) {
  const int64_t stride = spec.stride();
  return script
      .checked(script.run({pixels})[0],
               {pixels.size(0), spec.feature.channels, pixels.size(2) / stride, pixels.size(3) / stride},
               "a feature map")
      .contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor scriptLogits(const ScriptModule& script, const at::Tensor& feature, const ModelSpec& spec) {
  const int64_t upscale = spec.segmentation.upscale;
  return script.checked(
      script.run({feature})[0],
      {feature.size(0), int64_t(spec.classes.size()), upscale * feature.size(2), upscale * feature.size(3)}, "logits");
}

}  // namespace dff
