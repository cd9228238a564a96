// Names of the authors' MXNet symbols (reference sections 2 to 5; section 12 counts them).
#include <algorithm>
#include <iterator>

#include "core/model/foreign_names.h"

namespace dff {
namespace {

struct Pair {
  const char *ours, *theirs;
};
constexpr Pair kLayers[] = {
    {"feature.output", "feat_conv_3x3"},
    {"feature.output", "fc6"},
    {"flow.conv1", "flow_conv1"},
    {"flow.conv2", "conv2"},
    {"flow.conv3", "conv3"},
    {"flow.conv3_1", "conv3_1"},
    {"flow.conv4", "conv4"},
    {"flow.conv4_1", "conv4_1"},
    {"flow.conv5", "conv5"},
    {"flow.conv5_1", "conv5_1"},
    {"flow.conv6", "conv6"},
    {"flow.conv6_1", "conv6_1"},
    {"flow.refine5.flow", "Convolution1"},
    {"flow.refine5.deconv", "deconv5"},
    {"flow.refine5.upflow", "upsample_flow6to5"},
    {"flow.refine4.flow", "Convolution2"},
    {"flow.refine4.deconv", "deconv4"},
    {"flow.refine4.upflow", "upsample_flow5to4"},
    {"flow.refine3.flow", "Convolution3"},
    {"flow.refine3.deconv", "deconv3"},
    {"flow.refine3.upflow", "upsample_flow4to3"},
    {"flow.refine2.flow", "Convolution4"},
    {"flow.refine2.deconv", "deconv2"},
    {"flow.refine2.upflow", "upsample_flow3to2"},
    {"flow.flow", "Convolution5"},
    {"flow.scale", "Convolution5_scale"},
    {"detection.anchor_scores", "rpn_cls_score"},
    {"detection.anchor_deltas", "rpn_bbox_pred"},
    {"detection.region_scores", "rfcn_cls"},
    {"detection.region_deltas", "rfcn_bbox"},
    {"segmentation", "score"},
};
constexpr Pair kBranches[] = {{"reduce", "2a"}, {"spatial", "2b"}, {"expand", "2c"}, {"shortcut", "1"}};
constexpr Pair kNorms[] = {
    {"weight", "gamma"}, {"bias", "beta"}, {"running_mean", "moving_mean"}, {"running_var", "moving_var"}};

std::string theirsOf(const Pair* begin, const Pair* end, const std::string& ours) {
  const Pair* found = std::find_if(begin, end, [&](const Pair& p) { return ours == p.ours; });
  return found == end ? "" : found->theirs;
}
template <size_t N>
std::string theirsOf(const Pair (&pairs)[N], const std::string& ours) {
  return theirsOf(pairs, pairs + N, ours);
}

/// Cuts the last part off a dotted name.
std::string takeLast(std::string& name) {
  const size_t dot = name.rfind('.');
  const std::string last = name.substr(dot == std::string::npos ? 0 : dot + 1);
  name.resize(dot == std::string::npos ? 0 : dot);
  return last;
}

/// "2a", "3b1" ("3b" in networks whose stages are shorter) for stage 1, block 0; stage 2, block 1.
std::vector<std::string> blockNames(int stage, int block) {
  const std::string number = std::to_string(stage + 1);
  std::vector<std::string> names;
  if (block > 0) names.push_back(number + "b" + std::to_string(block));
  if (block < 26) names.push_back(number + char('a' + block));
  return names;
}

/// A convolution or norm of the residual network: "feature.stage1.0.reduce.conv", "weight".
std::vector<std::string> residualNames(std::string layer, const std::string& value) {
  const std::string kind = takeLast(layer);
  const std::string ending = kind == "conv" ? value : theirsOf(kNorms, value);
  if (layer == "feature.stem") return {(kind == "conv" ? "conv1_" : "bn_conv1_") + ending};
  const std::string branch = theirsOf(kBranches, takeLast(layer));
  const std::string block = takeLast(layer), stage = takeLast(layer);
  if (layer != "feature" || stage.rfind("stage", 0) != 0 || branch.empty()) return {};
  std::vector<std::string> names;
  for (const auto& name : blockNames(std::stoi(stage.substr(5)), std::stoi(block)))
    names.push_back((kind == "conv" ? "res" : "bn") + name + "_branch" + branch + "_" + ending);
  return names;
}

}  // namespace

std::vector<std::string> mxnetNames(const std::string& ours) {
  if (ours == "segmentation.upsampling") return {"upsampling_weight"};
  std::string layer = ours;
  const std::string value = takeLast(layer);
  if (layer.ends_with(".conv") || layer.ends_with(".bn")) return residualNames(layer, value);
  std::vector<std::string> names;
  for (const Pair& p : kLayers)
    if (layer == p.ours) {
      const std::string name = std::string(p.theirs) + "_" + value;
      names.push_back(name + "_test");  // what the authors' checkpoints hold for inference (reference section 4.2)
      names.push_back(name);
    }
  return names;
}

}  // namespace dff
