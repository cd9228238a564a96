#include "core/model/import_model.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "core/base/file.h"
#include "core/model/dff_model.h"
#include "core/model/foreign_names.h"
#include "core/model/package.h"
#include "core/model/paper_spec.h"
#include "core/model/tensor_files/foreign_file.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

constexpr size_t kListed = 8;  // names in one message

/// The file's tensors by name, and which of them were taken.
class Shelf {
 public:
  Shelf(const ForeignFile& file, std::vector<std::string>& remarks) {
    for (const auto& t : file.tensors) {
      if (!byName_.insert_or_assign(t.name, &t).second)
        remarks.push_back("the file has " + t.name + " twice; the last counts");
      names_.push_back(t.name);
    }
  }
  bool has(const std::string& name) const { return byName_.count(name) > 0; }
  const std::vector<std::string>& names() const { return names_; }
  const ForeignTensor* take(const std::vector<std::string>& candidates) {
    const ForeignTensor* taken = nullptr;
    for (const auto& name : candidates) {
      const auto found = byName_.find(name);
      if (found == byName_.end()) continue;
      if (!taken) taken = found->second;
      known_.push_back(name);  // one that another replaces is not unused either
    }
    return taken;
  }
  std::vector<std::string> unused() const {
    std::vector<std::string> left;
    for (const auto& [name, tensor] : byName_)
      if (std::find(known_.begin(), known_.end(), name) == known_.end()) left.push_back(name);
    std::sort(left.begin(), left.end());
    return left;
  }

 private:
  std::unordered_map<std::string, const ForeignTensor*> byName_;
  std::vector<std::string> names_, known_;
};

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (size_t i = 0; i < std::min(names.size(), kListed); ++i) list += (i ? ", " : "") + names[i];
  return names.size() > kListed ? list + text(" and ", names.size() - kListed, " more") : list;
}

int64_t firstSide(const ForeignFile& file, const std::string& name) {
  for (const auto& t : file.tensors)
    if (t.name == name && !t.shape.empty()) return t.shape[0];
  return 0;
}

/// The paper's model that the file's names are those of.
std::string guessed(const ForeignFile& file, const Shelf& shelf) {
  const bool deep = shelf.has("res4b22_branch2a_weight") || shelf.has("layer3.22.conv1.weight") ||
                    shelf.has("feature.stage3.22.reduce.conv.weight");
  const bool segments = shelf.has("fc6_weight") || shelf.has("segmentation.weight");
  const bool inception = shelf.has("flow.mixed2.reduce_a.weight");
  const bool half = firstSide(file, "flow_conv1_weight") == 32 || firstSide(file, "flow.conv1.weight") == 32;
  return text(segments ? "deeplab" : "rfcn", deep ? "-resnet101-" : "-resnet50-",
              inception ? "inception"
              : half    ? "half"
                        : "flownet");
}

ModelSpec specFor(const ImportOptions& options, const ForeignFile& file, const Shelf& shelf, ImportReport& report) {
  report.model = options.as == "auto" ? guessed(file, shelf) : options.as;
  if (fs::is_directory(report.model)) return packageSpec(report.model);
  return paperSpec(report.model);
}

/// Without a tensor of answers: the largest weight would need 190 MB for them.
bool allFinite(const at::Tensor& dense) {
  const float* values = dense.data_ptr<float>();
  bool finite = true;
  for (int64_t i = 0; i < dense.numel(); ++i) finite &= std::abs(values[i]) <= std::numeric_limits<float>::max();
  return finite;
}

/// Copies what the file has of `model`; what it lacks is listed. Only one tensor of the file is in memory at a time.
void fill(DffModel& model, const NameMap& names, Shelf& shelf, const ForeignFile& file, ImportReport& report) {
  torch::NoGradGuard guard;
  const std::string& where = file.name;
  for (auto& [ours, tensor] : namedTensors(model)) {
    const auto candidates = names.make(ours);
    const ForeignTensor* theirs = shelf.take(candidates);
    if (!theirs) {
      report.missing.push_back(candidates.empty() ? ours : text(ours, " (", candidates.back(), ")"));
      continue;
    }
    if (at::IntArrayRef(theirs->shape) != tensor.sizes())
      fail(where, ": tensor ", theirs->name, " has shape ", at::IntArrayRef(theirs->shape), ", ", report.model,
           " needs ", tensor.sizes());
    theirs->readInto(tensor);
    if (!allFinite(tensor)) fail(where, ": tensor ", theirs->name, " holds values that are not finite");
    file.file->release(theirs->values);
    ++report.tensors;
    report.values += tensor.numel();
  }
}

/// The authors' checkpoints hold region corrections twice: as trained, and multiplied by their units for inference.
void settleBoxes(const ImportOptions& options, const Shelf& shelf, ModelSpec& spec, ImportReport& report) {
  if (options.boxes != "auto" && options.boxes != "folded" && options.boxes != "plain")
    throw UsageError("--boxes is auto, folded or plain, not " + options.boxes);
  if (!spec.detection || !shelf.has("rfcn_bbox_weight")) return;
  const bool weights = shelf.has("rfcn_bbox_weight_test"), biases = shelf.has("rfcn_bbox_bias_test");
  if (weights != biases)
    fail(options.file, " has one of rfcn_bbox_weight_test and rfcn_bbox_bias_test without the other");
  if (weights || options.boxes == "folded") spec.detection->regionStds = {1, 1, 1, 1};
  if (weights) report.remarks.push_back("rfcn_bbox_*_test are taken, which have the units of corrections in them");
  if (!weights && options.boxes == "auto")
    report.remarks.push_back(
        "the file has no rfcn_bbox_*_test; its corrections are taken as in units of 0.1, 0.1, 0.2, "
        "0.2 (give --boxes folded if they are scaled already)");
}

nlohmann::json manifestOf(const ImportOptions& options, const ImportReport& report) {
  return {{"name", fs::path(options.output).filename().string()},
          {"provenance",
           {{"imported_from", fs::path(options.file).filename().string()},
            {"format", report.format},
            {"names", report.names},
            {"options", toJson(options)},
            {"missing", report.missing}}}};
}

}  // namespace

ImportReport importModel(const ImportOptions& options, const JobContext& job) {
  if (options.file.empty() || options.output.empty())
    throw UsageError("import needs a file and -o, the package's folder");
  const ForeignFile file = openForeignFile(options.file);
  ImportReport report;
  report.format = file.format;
  Shelf shelf(file, report.remarks);
  ModelSpec spec = specFor(options, file, shelf, report);
  settleBoxes(options, shelf, spec, report);
  job.log(text(options.file, ": ", file.tensors.size(), " tensors, taken as ", report.model));
  DffModel model(spec);
  std::vector<std::string> ours;
  for (const auto& [name, tensor] : namedTensors(model)) ours.push_back(name);
  const NameMap& names = bestNameMap(ours, shelf.names());
  report.names = names.name;
  if (names.strideAtSpatial) spec.feature.strideAt = "spatial";
  job.checkStop();
  fill(model, names, shelf, file, report);
  report.unused = shelf.unused();
  if (report.tensors == 0)
    fail(options.file, " has no tensor that ", report.model, " could take; its first names are ",
         listed(shelf.names()));
  if (!report.missing.empty() && !options.partial)
    fail(options.file, " lacks ", report.missing.size(), " tensors of ", report.model, ": ", listed(report.missing),
         "; --partial leaves them random");
  savePackage(options.output, manifestOf(options, report), spec, namedTensors(model), Stored::Exact);
  return report;
}

}  // namespace dff
