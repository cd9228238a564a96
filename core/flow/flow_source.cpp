#include "core/flow/flow_source.h"

#include <algorithm>
#include <vector>

#include "core/base/registry.h"

namespace dff {
namespace {
struct Row : Kind<std::unique_ptr<FlowSource> (*)(const ModelPtr&, const std::string&)> {
  bool knowsMotion = true;
  const char* argument = nullptr;  ///< what the name is followed by, "files:FOLDER"
};
constexpr const char* kAuto = "auto";

constexpr Row kFlowSources[] = {
    {{"flownet", "the model's own flow network, with scale map", makeFlowNetSource}},
    {{"search", "patches found by inverse search, from frame to frame, chained to the key", makeSearchSource}},
    {{"dis", "Dense Inverse Search (Kroeger et al. 2016) of OpenCV, medium preset", makeDisSource}},
    {{"deepflow", "DeepFlow (Weinzaepfel et al. 2013) of OpenCV, without its matcher; slow", makeDeepFlowSource}},
    {{"farneback", "polynomial expansion (Farneback 2003) of OpenCV", makeFarnebackSource}},
    {{"sparse", "tracked points and EpicFlow's edge-aware interpolation (Revaud et al. 2015) of OpenCV",
      makeSparseSource}},
    {{"codec", "the video's own motion vectors, chained to the key; H.264 and MPEG-1, 2, 4", makeCodecSource}},
    {{"files", "files:FOLDER: 000123.flo or .png (KITTI), from frame 123 to frame 122, chained to the key",
      makeFilesSource},
     true,
     "FOLDER"},
    {{"copy", "no motion: the key's feature as it is", makeCopySource}, false},
};

const Row& rowOf(const std::string& name) {
  return findKind(kFlowSources, name.substr(0, name.find(':')), "flow source");
}

}  // namespace

std::string knownFlowSources() {
  std::vector<Row> rows;
  for (const Row& row : kFlowSources)
    if (!row.argument) rows.push_back(row);
  return knownNames(rows);
}

std::vector<std::string> flowSourceNames() {
  std::vector<std::string> names;
  for (const Row& row : kFlowSources) names.push_back(row.name);
  return names;
}

std::string helpOfFlowSources() { return helpLines(kFlowSources); }

std::string chosenFlow(const std::string& name, const ModelSpec& spec) {
  return name == kAuto ? spec.flow.source : name;
}

bool flowKnowsMotion(const std::string& name) { return name == kAuto || rowOf(name).knowsMotion; }
bool flowNeedsArgument(const std::string& name) { return rowOf(name).argument != nullptr; }

CellGrid cellGridOf(const NetInput& input, const ModelSpec& spec) {
  const int stride = spec.stride();
  const auto cells = [&](int64_t side) { return int((side + stride - 1) / stride); };
  return {{cells(input.pixels.size(3)), cells(input.pixels.size(2))},
          {stride / input.scale.width, stride / input.scale.height}};
}

std::unique_ptr<FlowSource> makeFlowSource(const std::string& name, const ModelPtr& model) {
  const Row& row = rowOf(name);
  const size_t colon = name.find(':');
  const std::string argument = colon == std::string::npos ? "" : name.substr(colon + 1);
  if (row.argument && argument.empty())
    throw UsageError(
        text("flow source ", row.name, " needs a ", row.argument, ": write ", row.name, ":", row.argument));
  if (!row.argument && colon != std::string::npos)
    throw UsageError(text("flow source ", row.name, " takes no argument"));
  return row.make(model, argument);
}

}  // namespace dff
