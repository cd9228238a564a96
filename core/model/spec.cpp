#include "core/model/spec.h"

namespace dff {

int ModelSpec::stride() const {
  if (scriptsFeature()) return feature.stride;
  int stride = 4;
  const size_t last = feature.skipStage >= 0 ? static_cast<size_t>(feature.skipStage) : feature.strides.size() - 1;
  for (size_t i = 0; i <= last && i < feature.strides.size(); ++i) stride *= feature.strides[i];
  return stride;
}

namespace {

void checkStages(const FeatureSpec& f, const std::string& where) {
  const size_t n = f.widths.size();
  if (n == 0 || n > 8 || f.depths.size() != n || f.strides.size() != n || f.dilations.size() != n)
    fail(where, ": feature.widths, depths, strides and dilations must have one value a stage (1 to 8 stages)");
  for (size_t i = 0; i < n; ++i)
    if (f.widths[i] < 1 || f.widths[i] > 8192 || f.depths[i] < 1 || f.depths[i] > 200 || f.strides[i] < 1 ||
        f.strides[i] > 2 || f.dilations[i] < 1 || f.dilations[i] > 32)
      fail(where, ": stage ", i, " of the feature network is out of bounds");
  if (f.outputKernel % 2 == 0) fail(where, ": feature.output_kernel must be 1 or 3");
  if (f.skipStage >= static_cast<int>(n) - 1) fail(where, ": feature.skip_stage must name a stage before the last one");
  if (f.detailStage >= 0 && f.detailStage >= f.skipStage)
    fail(where, ": feature.detail_stage must name a stage before feature.skip_stage");
}

void requireOneOf(const std::string& value, const char* key, std::initializer_list<const char*> known,
                  const std::string& where) {
  std::string names;
  for (const char* name : known) {
    if (value == name) return;
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  fail(where, ": ", key, " is \"", value, "\"; known: ", names);
}

void checkNames(const ModelSpec& spec, const std::string& where) {
  requireOneOf(spec.feature.kind, "feature.kind", {"residual", kTorchScript}, where);
  requireOneOf(spec.segmentation.kind, "segmentation.kind", {"convolution", kTorchScript}, where);
  requireOneOf(spec.feature.stem, "feature.stem", {"patch", "imagenet", "imagenet_ceil"}, where);
  requireOneOf(spec.feature.block, "feature.block", {"basic", "bottleneck"}, where);
  requireOneOf(spec.feature.strideAt, "feature.stride_at", {"reduce", "spatial"}, where);
  requireOneOf(spec.input.channelOrder, "input.channel_order", {"rgb", "bgr"}, where);
  requireOneOf(spec.input.resize, "input.resize", {"area", "factor"}, where);
}

/// A module lies in the package's folder, and a part that is none names no file.
void checkFile(const std::string& file, bool scripted, const std::string& part, const std::string& where) {
  const bool plain = !file.empty() && file.find('/') == std::string::npos && file[0] != '.';
  if (scripted && !plain) fail(where, ": ", part, ".file must name a file in the package's folder");
  if (!scripted && !file.empty()) fail(where, ": ", part, ".file goes with ", part, ".kind \"torchscript\"");
}

void checkScripts(const ModelSpec& spec, const std::string& where) {
  checkFile(spec.feature.file, spec.scriptsFeature(), "feature", where);
  checkFile(spec.flow.file, spec.scriptsFlow(), "flow", where);
  checkFile(spec.segmentation.file, spec.segmentation.kind == kTorchScript, "segmentation", where);
  const int stride = spec.feature.stride;
  if (!spec.scriptsFeature() && stride) fail(where, ": feature.stride goes with feature.kind \"torchscript\"");
  if (spec.scriptsFeature() && (stride < 1 || spec.input.padMultiple % stride))
    fail(where, ": feature.stride is ", stride, "; it must be at least 1 and divide input.pad_multiple, ",
         spec.input.padMultiple);
  if (spec.scriptsSegmentation() && spec.segmentation.deconvolution)
    fail(where, ": segmentation.deconvolution goes with segmentation.kind \"convolution\"");
}

void checkHeads(const ModelSpec& spec, const std::string& where) {
  if (spec.classes.size() > 254 || (spec.classes.empty() && !spec.detection))
    fail(where, ": \"classes\" must hold 1 to 254 classes, or the model a \"detection\" part");
  if (spec.detection) checkDetection(*spec.detection, where);
  if (spec.detection && spec.detection->proposalChannels >= spec.feature.channels)
    fail(where, ": detection.proposal_channels must leave some of the ", spec.feature.channels, " feature channels");
  const SegmentationSpec& s = spec.segmentation;
  if (s.deconvolution && (s.upscale != 1 || s.deconvolution % 2))
    fail(where, ": segmentation has an upscale, or a deconvolution of an even stride, or neither");
}

}  // namespace

ModelSpec modelSpecFromJson(const nlohmann::json& object, const std::string& where) try {
  ModelSpec spec;
  fromJson(object.at("feature"), spec.feature, where + ": feature");
  fromJson(object.at("flow"), spec.flow, where + ": flow");
  fromJson(object.at("input"), spec.input, where + ": input");
  if (object.contains("segmentation")) fromJson(object.at("segmentation"), spec.segmentation, where + ": segmentation");
  spec.classes = object.at("classes").get<std::vector<ClassInfo>>();
  if (object.contains("detection")) fromJson(object.at("detection"), spec.detection.emplace(), where + ": detection");
  if (!spec.scriptsFeature()) checkStages(spec.feature, where);
  checkNames(spec, where);
  checkScripts(spec, where);
  checkHeads(spec, where);
  return spec;
} catch (const nlohmann::json::exception& e) {
  fail(where, " does not describe a model: ", e.what());
}

nlohmann::json toJson(const ModelSpec& spec) {
  nlohmann::json object = {{"feature", toJson(spec.feature)},
                           {"flow", toJson(spec.flow)},
                           {"input", toJson(spec.input)},
                           {"segmentation", toJson(spec.segmentation)},
                           {"classes", spec.classes}};
  if (spec.detection) object["detection"] = toJson(*spec.detection);
  return object;
}

}  // namespace dff
