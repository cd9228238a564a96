#pragma once
#include <torch/script.h>

#include "core/base/file.h"
#include "core/model/fused_graph.h"
#include "tests/support/small_model.h"

// Packages whose networks are TorchScript modules, made here from their source.
namespace dff::test {

inline void writeScript(const std::filesystem::path& file, const std::string& source,
                        const NamedTensors& parameters = {}) {
  torch::jit::Module module("Net");
  for (const auto& [name, tensor] : parameters) module.register_parameter(name, tensor.detach().clone(), false);
  module.define(source);
  module.save(file.string());
}

/// One statement for each step of a network, its result named after the map that it fills.
class GraphScript {
 public:
  explicit GraphScript(const FusedGraph& graph) {
    source_ = "def forward(self, m0):\n";
    for (const FusedStep& step : graph.steps) line(step.to, expression(step));
    source_ += "    return " + map(graph.outputs[0]) + "\n";
  }
  void write(const std::filesystem::path& file) const { writeScript(file, source_, parameters_); }

 private:
  static std::string map(int number) { return text("m", number); }
  static std::string pair(int64_t value) { return text("[", value, ", ", value, "]"); }
  void line(int to, const std::string& value) { source_ += "    " + map(to) + " = " + value + "\n"; }

  std::string expression(const FusedStep& s) {
    using Kind = FusedStep::Kind;
    const std::string from = map(s.from), to = map(s.to);
    if (s.kind == Kind::Mean) return "torch.adaptive_avg_pool2d(" + from + ", [1, 1])";
    if (s.kind == Kind::AddEverywhere) return to + " + " + from;
    if (s.kind == Kind::Copy) return from;
    if (s.kind == Kind::Resize)
      return text("torch.upsample_bilinear2d(", from, ", [", map(s.like), ".size(2), ", map(s.like),
                  ".size(3)], False)");
    if (s.kind != Kind::Convolution) fail("the test writes no such step");
    const std::string number = std::to_string(parameters_.size());
    parameters_.emplace_back("w" + number, s.weight);
    parameters_.emplace_back("b" + number, s.bias);
    std::string value = text("torch.conv2d(", from, ", self.w", number, ", self.b", number, ", ", pair(s.stride), ", ",
                             pair(s.padding), ", ", pair(s.dilation), ")");
    if (s.accumulate) value = to + " + " + value;
    return s.slope == 0 ? "torch.relu(" + value + ")" : value;
  }

  std::string source_;
  NamedTensors parameters_;
};

/// The small model's shape, all of it brought along: feature.pt, flow.pt and head.pt of 3 channels at stride 8.
inline ModelSpec scriptSpec() {
  ModelSpec spec = smallSpec();
  spec.detection.reset();
  spec.feature.kind = spec.flow.kind = spec.segmentation.kind = kTorchScript;
  spec.feature.file = "feature.pt";
  spec.flow.file = "flow.pt";
  spec.segmentation.file = "head.pt";
  spec.feature.stride = 8;
  spec.feature.channels = 3;
  return spec;
}

constexpr const char* kMeansOfCells = "def forward(self, x):\n    return torch.avg_pool2d(x, [8, 8])\n";
/// A cell and a half to the right, half a cell up; the scale map is 0.5.
constexpr const char* kSteadyFlow =
    "def forward(self, cur, key):\n"
    "    cells = torch.avg_pool2d(cur, [8, 8])\n"
    "    x = torch.zeros_like(cells[:, 0:1])\n"
    "    return torch.cat([x + 1.5, x - 0.5], 1), torch.zeros_like(cells) + 0.5\n";
constexpr const char* kBrightest = "def forward(self, f):\n    return torch.cat([f, f[:, 0:1] * f[:, 1:2]], 1)\n";

inline void writeManifest(const std::filesystem::path& folder, const ModelSpec& spec) {
  std::filesystem::create_directories(folder);
  writeJson(folder / "model.json", {{"schema_version", 1}, {"name", "brought"}, {"architecture", toJson(spec)}});
}

/// A whole package of modules that compute what is known.
inline void writeScriptPackage(const std::filesystem::path& folder) {
  writeManifest(folder, scriptSpec());
  writeScript(folder / "feature.pt", kMeansOfCells);
  writeScript(folder / "flow.pt", kSteadyFlow);
  writeScript(folder / "head.pt", kBrightest);
}

}  // namespace dff::test
