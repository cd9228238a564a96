#include "core/model/paper_spec.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/registry.h"

namespace dff {
namespace {

constexpr const char* kVidClasses[] = {"airplane",    "antelope", "bear",      "bicycle",      "bird",     "bus",
                                       "car",         "cattle",   "dog",       "domestic_cat", "elephant", "fox",
                                       "giant_panda", "hamster",  "horse",     "lion",         "lizard",   "monkey",
                                       "motorcycle",  "rabbit",   "red_panda", "sheep",        "snake",    "squirrel",
                                       "tiger",       "train",    "turtle",    "watercraft",   "whale",    "zebra"};

struct NamedColor {
  const char* name;
  std::array<uint8_t, 3> color;
};
constexpr NamedColor kCityscapesClasses[] = {{"road", {128, 64, 128}},
                                             {"sidewalk", {244, 35, 232}},
                                             {"building", {70, 70, 70}},
                                             {"wall", {102, 102, 156}},
                                             {"fence", {190, 153, 153}},
                                             {"pole", {153, 153, 153}},
                                             {"traffic light", {250, 170, 30}},
                                             {"traffic sign", {220, 220, 0}},
                                             {"vegetation", {107, 142, 35}},
                                             {"terrain", {152, 251, 152}},
                                             {"sky", {70, 130, 180}},
                                             {"person", {220, 20, 60}},
                                             {"rider", {255, 0, 0}},
                                             {"car", {0, 0, 142}},
                                             {"truck", {0, 0, 70}},
                                             {"bus", {0, 60, 100}},
                                             {"train", {0, 80, 100}},
                                             {"motorcycle", {0, 0, 230}},
                                             {"bicycle", {119, 11, 32}}};

/// Colours as far apart as their number allows: hues by the golden angle, two brightnesses in turn.
std::array<uint8_t, 3> distinctColor(int index) {
  const double hue = 6 * std::fmod(index * std::numbers::phi, 1.0), value = index % 2 ? 190 : 250;
  const auto channel = [&](double shift) {
    const double away = std::abs(std::fmod(hue + shift, 6.0) - 3);
    return uint8_t(value * (0.25 + 0.75 * std::clamp(away - 1, 0.0, 1.0)));
  };
  return {channel(0), channel(4), channel(2)};
}

std::vector<ClassInfo> vidClasses() {
  std::vector<ClassInfo> classes;
  for (const char* name : kVidClasses) {
    const auto color = distinctColor(int(classes.size()));
    classes.push_back({name, color, color});
  }
  return classes;
}

std::vector<ClassInfo> cityscapesClasses() {
  std::vector<ClassInfo> classes;
  for (const auto& [name, color] : kCityscapesClasses) classes.push_back({name, color, color});
  return classes;
}

DetectionSpec rfcn() {
  DetectionSpec d;
  d.classes = vidClasses();
  d.anchorSizes = {128, 256, 512};
  d.anchorRatios = {0.5, 1, 2};
  d.anchorBase = 16;
  d.wholeCells = true;
  d.proposalChannels = 512;
  d.deltaGroups = 2;
  d.mostGrowth = 1000;
  d.candidates = 6000;
  d.nms = 0.3;
  d.minScore = 1e-4;
  d.maxBoxes = 300;
  return d;
}

void makeRfcn(ModelSpec& spec) {
  spec.detection = rfcn();
  spec.input.shortSide = 600;
  spec.input.longSideMax = 1000;
  spec.input.padMultiple = 1;
}

void makeDeepLab(ModelSpec& spec) {
  spec.classes = cityscapesClasses();
  spec.segmentation.deconvolution = 16;
  spec.feature.stem = "imagenet_ceil";
  spec.feature.outputKernel = 1;
  spec.feature.outputDilation = 1;
  spec.input.shortSide = 1024;
  spec.input.longSideMax = 2048;
  spec.input.padMultiple = 4;
}

void makeResNet50(ModelSpec& spec) { spec.feature.depths = {3, 4, 6, 3}; }
void makeResNet101(ModelSpec& spec) { spec.feature.depths = {3, 4, 23, 3}; }
void makeFlowNet(ModelSpec& spec) { spec.flow.kind = "flownet_s"; }
void makeHalf(ModelSpec& spec) {
  spec.flow.kind = "flownet_s";
  spec.flow.width = 0.5;
}
void makeInception(ModelSpec& spec) { spec.flow.kind = "flownet_inception"; }

using Choice = Kind<void (*)(ModelSpec&)>;
constexpr Choice kTasks[] = {{"rfcn", "R-FCN for ImageNet VID", makeRfcn},
                             {"deeplab", "DeepLab for Cityscapes", makeDeepLab}};
constexpr Choice kBackbones[] = {{"resnet50", "ResNet-50", makeResNet50}, {"resnet101", "ResNet-101", makeResNet101}};
constexpr Choice kFlows[] = {{"flownet", "FlowNet-S", makeFlowNet},
                             {"half", "half of its filters", makeHalf},
                             {"inception", "of inception modules", makeInception}};

/// What all of them share; the choices set the rest.
ModelSpec common() {
  ModelSpec spec;
  spec.feature.stem = "imagenet";
  spec.feature.block = "bottleneck";
  spec.feature.widths = {64, 128, 256, 512};
  spec.feature.strides = {1, 2, 2, 1};
  spec.feature.dilations = {1, 1, 1, 2};
  spec.feature.context = false;
  spec.feature.skipStage = -1;
  spec.feature.channels = 1024;
  spec.feature.outputDilation = 6;
  spec.feature.outputNorm = false;
  spec.flow.inputDivisor = 255;
  spec.input.std = {1, 1, 1};
  spec.input.resize = "factor";
  return spec;
}

}  // namespace

std::vector<std::string> paperModels() {
  std::vector<std::string> names;
  for (const auto& task : kTasks)
    for (const auto& backbone : kBackbones)
      for (const auto& flow : kFlows) names.push_back(text(task.name, "-", backbone.name, "-", flow.name));
  return names;
}

std::string knownPaperModels() {
  std::string list;
  for (const auto& name : paperModels()) list += (list.empty() ? "" : ", ") + name;
  return list;
}

bool isPaperModel(const std::string& name) {
  const auto names = paperModels();
  return std::find(names.begin(), names.end(), name) != names.end();
}

ModelSpec paperSpec(const std::string& name) {
  if (!isPaperModel(name)) throw UsageError(text("unknown model \"", name, "\"; known: ", knownPaperModels()));
  const size_t first = name.find('-'), second = name.find('-', first + 1);
  ModelSpec spec = common();
  findKind(kTasks, name.substr(0, first), "task").make(spec);
  findKind(kBackbones, name.substr(first + 1, second - first - 1), "backbone").make(spec);
  findKind(kFlows, name.substr(second + 1), "flow network").make(spec);
  return spec;
}

}  // namespace dff
