#include "core/model/script_safety.h"

#include <caffe2/serialize/inline_container.h>
#include <malloc.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/script.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "core/model/tensor_files/zip_reader.h"

namespace dff {
namespace {

constexpr std::string_view kNative = "torch.classes";

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  fail(name, " ", what, "; a TorchScript module of a package may compute only");
}

/// Of these two families, all but a few only compute: on tensors, lists, strings and numbers.
bool computes(std::string_view op) {
  constexpr std::array<std::string_view, 6> kReachOut = {"aten::save",  "aten::from_file", "aten::manual_seed",
                                                         "prim::Print", "prim::PythonOp",  "prim::IgnoredPythonOp"};
  if (op.starts_with("prim::rpc_") || std::find(kReachOut.begin(), kReachOut.end(), op) != kReachOut.end())
    return false;
  return op.starts_with("aten::") || op.starts_with("prim::");
}

/// The last element that a tensor touches, counted from its storage's first; -1: none, or more than can be counted.
int64_t reach(const at::Tensor& t) {
  int64_t last = t.storage_offset(), step = 0;
  if (last < 0) return -1;
  for (int64_t i = 0; i < t.dim(); ++i)
    if (t.size(i) < 1 || t.stride(i) < 0 || __builtin_mul_overflow(t.size(i) - 1, t.stride(i), &step) ||
        __builtin_add_overflow(last, step, &last))
      return -1;
  return last;
}

void check(const at::Tensor& t, const std::string& name) {
  if (!t.defined() || t.numel() == 0) return;
  if (t.layout() != at::kStrided || !t.is_cpu() || t.is_quantized()) refuse(name, "holds a tensor of an unusual kind");
  const int64_t last = reach(t), held = int64_t(t.storage().nbytes()) / int64_t(t.element_size());
  const size_t allocated = ::malloc_usable_size(t.storage().data());
  if (last < 0 || last >= held || t.storage().nbytes() > allocated)
    fail(name, " holds a tensor that reaches beyond its memory; the file is damaged");
}

/// Every tensor within a value; objects may hold each other.
class TensorCheck {
 public:
  explicit TensorCheck(const std::string& name) : name_(name) {}

  void operator()(const c10::IValue& value) {
    if (value.isTensor()) check(value.toTensor(), name_);
    if (value.isList()) all(value.toListRef());
    if (value.isTuple()) all(value.toTupleRef().elements());
    if (value.isGenericDict())
      for (const auto& entry : value.toGenericDict()) (*this)(entry.key()), (*this)(entry.value());
    if (value.isObject() && seen_.insert(&value.toObjectRef()).second) all(value.toObjectRef().slots());
  }

 private:
  template <class Values>
  void all(const Values& values) {
    for (const c10::IValue& value : values) (*this)(value);
  }

  const std::string& name_;
  std::set<const void*> seen_;
};

void check(const torch::jit::Block& block, const std::string& name) {
  for (const auto* node : block.nodes()) {
    const std::string op = node->kind().toQualString();
    if (!computes(op)) refuse(name, "calls " + op);
    for (const auto* value : node->outputs())
      if (value->type()->str().find(kNative) != std::string::npos)
        refuse(name, "uses the class " + value->type()->str());
    if (op == "prim::Constant")
      if (const auto value = torch::jit::toIValue(node->output())) TensorCheck{name}(*value);
    for (const auto* inner : node->blocks()) check(*inner, name);
  }
}

}  // namespace

void requireNothingRunsOnReading(caffe2::serialize::PyTorchStreamReader& file, const std::string& name) {
  if (file.hasRecord("model.json")) fail(name, " is of a format older than PyTorch 1.2; export it anew");
  for (const std::string& record : file.getAllRecords()) {
    if (record.ends_with(".debug_pkl")) continue;  // source of what was exported, for messages; never run
    const auto [data, size] = file.getRecord(record);
    std::string text(static_cast<const char*>(data.get()), size);
    if (text.find("__setstate__") != std::string::npos) refuse(name, "has a __setstate__, which runs on reading");
    std::replace(text.begin(), text.end(), '\n', '.');  // as a pickle writes a class's name
    if (text.find(kNative) != std::string::npos) refuse(name, "holds objects of native classes, torch.classes");
  }
}

void requireUndamaged(caffe2::serialize::PyTorchStreamReader& file, std::string_view bytes, const std::string& name) {
  for (const ZipSum& member : zipSums(bytes, name)) {
    const auto [data, size] = file.getRecord(member.name.substr(member.name.find('/') + 1));  // below the one folder
    if (crc32({static_cast<const char*>(data.get()), size}) != member.crc)
      fail(name, " is damaged: what ", member.name, " holds is not what was written");
  }
}

void requireOnlyComputes(const torch::jit::Module& module, const std::string& name) {
  TensorCheck{name}(c10::IValue(module._ivalue()));
  for (torch::jit::Function* function : module._ivalue()->compilation_unit()->get_functions()) {
    function->ensure_defined();
    if (const auto* graph = torch::jit::tryToGraphFunction(*function)) check(*graph->graph()->block(), name);
  }
}

}  // namespace dff
