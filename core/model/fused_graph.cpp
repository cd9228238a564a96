#include "core/model/fused_graph.h"

#include <torch/torch.h>

namespace dff {
namespace {

using Kind = FusedStep::Kind;

/// weight [O, C f f, k, k] that reads pixel_unshuffle(x, f) -> the same on x itself: [O, C, f k, f k].
at::Tensor unfolded(const at::Tensor& weight, int64_t f) {
  const int64_t out = weight.size(0), channels = weight.size(1) / (f * f), k = weight.size(2);
  return weight.contiguous()
      .view({out, channels, f, f, k, k})
      .permute({0, 1, 4, 2, 5, 3})
      .reshape({out, channels, k * f, k * f});
}

struct ConvolutionShape {
  int64_t stride = 1, dilation = 1;
  bool relu = false;
  int into = -1;     ///< map that the result is added to; -1: a new one
  int64_t fold = 1;  ///< of pixel_unshuffle before it
};

class Builder {
 public:
  Builder(const FeatureSpec& spec, const WeightOf& weightOf) : spec_(spec), weightOf_(weightOf) {}

  FusedGraph build(FeaturePart part) {
    const bool given = part == FeaturePart::GivenDeep;
    if (given) graph_.maps = graph_.inputs = 2;
    int x = stem(), skip = -1, detail = -1, deep = 1;
    const size_t stages = given ? size_t(spec_.skipStage) + 1 : spec_.widths.size();
    for (size_t i = 0; i < stages; ++i) {
      for (int block = 0; block < spec_.depths[i]; ++block) x = residual(x, i, block, x == skip || x == detail);
      if (int(i) == spec_.skipStage) skip = x;
      if (int(i) == spec_.detailStage) detail = x;
    }
    if (spec_.context && !given) x = addContext(x, x == skip || x == detail);
    if (skip >= 0 && !given) deep = convolve("deep_projection", x, {});
    if (skip >= 0) x = merge(deep, skip, detail);
    graph_.outputs = {convolve("output", x, {1, spec_.outputDilation, true})};
    if (part == FeaturePart::KeepingDeep) graph_.outputs.push_back(deep);
    return std::move(graph_);
  }

 private:
  /// A step whose result is a new map, or added to the map `into`.
  int add(FusedStep step, int into = -1) {
    if (into < 0) return graph_.add(std::move(step));
    step.to = into;
    graph_.steps.push_back(std::move(step));
    return into;
  }

  int convolve(const std::string& name, int from, const ConvolutionShape& shape) {
    const bool plain = name == "context" || (name == "output" && !spec_.outputNorm);
    const std::string prefix = plain ? name : name + ".conv";
    FusedStep step;
    step.name = name;
    step.from = from;
    step.weight = weightOf_(prefix + ".weight");
    step.bias = weightOf_(prefix + ".bias");
    step.dilation = shape.dilation;
    step.stride = shape.stride * shape.fold;
    step.padding = shape.dilation * (step.weight.size(2) / 2) * shape.fold;
    if (shape.fold > 1) step.weight = unfolded(step.weight, shape.fold);
    step.accumulate = shape.into >= 0;
    if (shape.relu) step.slope = 0;
    return add(std::move(step), shape.into);
  }

  int stem() {
    if (spec_.stem == "patch") return convolve("stem", 0, {2, 1, true, -1, 2});
    const int pooled = graph_.add(Kind::MaxPool, convolve("stem", 0, {2, 1, true}));
    graph_.steps.back().stride = 2;
    graph_.steps.back().padding = spec_.stem == "imagenet_ceil" ? 0 : 1;
    return pooled;
  }

  /// The last convolution of a block adds to its shortcut in place; an input that is read again must not be it.
  int residual(int x, size_t stage, int block, bool keepInput) {
    const std::string name = "stage" + std::to_string(stage + 1) + "." + std::to_string(block) + ".";
    const int64_t stride = block == 0 ? spec_.strides[stage] : 1, dilation = spec_.dilations[stage];
    const bool basic = spec_.block == "basic", projects = weightOf_(name + "shortcut.conv.weight").defined();
    const int64_t spatial = !basic && spec_.strideAt == "spatial" ? stride : 1;
    int y = convolve(name + (basic ? "first" : "reduce"), x, {stride / spatial, basic ? dilation : 1, true});
    if (!basic) y = convolve(name + "spatial", y, {spatial, dilation, true});
    const int shortcut = projects    ? convolve(name + "shortcut", x, {stride})
                         : keepInput ? graph_.add(Kind::Copy, x)
                                     : x;
    return convolve(name + (basic ? "second" : "expand"), y, {1, basic ? dilation : 1, true, shortcut});
  }

  int addContext(int x, bool keepInput) {
    FusedStep step;
    step.name = "context.sum";
    step.kind = Kind::AddEverywhere;
    step.from = convolve("context", graph_.add(Kind::Mean, x), {1, 1, true});
    return add(std::move(step), keepInput ? graph_.add(Kind::Copy, x) : x);
  }

  int merge(int deep, int skip, int detail) {
    const int merged = graph_.add(Kind::Resize, deep);
    graph_.steps.back().like = skip;
    convolve("skip_projection", skip, {1, 1, detail < 0, merged});
    if (detail < 0) return merged;
    int64_t fold = 1;
    for (int i = spec_.detailStage + 1; i <= spec_.skipStage; ++i) fold *= spec_.strides[size_t(i)];
    return convolve("detail_projection", detail, {1, 1, true, merged, fold});
  }

  const FeatureSpec& spec_;
  const WeightOf& weightOf_;
  FusedGraph graph_;
};

}  // namespace

int64_t FusedStep::outputSize(int64_t in) const {
  if (kind == Kind::AveragePool) return (in + 1) / 2;
  if (kind == Kind::MaxPool) return padding ? (in - 1) / stride + 1 : (in - 2) / stride + 1;
  return (in + 2 * padding - dilation * (weight.size(2) - 1) - 1) / stride + 1;
}

int FusedGraph::add(FusedStep step) {
  step.to = maps++;
  steps.push_back(std::move(step));
  return steps.back().to;
}

int FusedGraph::add(FusedStep::Kind kind, int from) {
  FusedStep step;
  step.kind = kind;
  step.from = from;
  return add(std::move(step));
}

FusedStep inWholeVectors(FusedStep step) {
  const auto missing = [](int64_t channels) { return wholeVectors(channels) - channels; };
  const bool turned = step.kind == Kind::Deconvolution;
  const int64_t first = missing(step.weight.size(0)), second = turned ? 0 : missing(step.weight.size(1));
  step.weight = at::constant_pad_nd(step.weight, {0, 0, 0, 0, 0, second, 0, first});
  step.bias = at::constant_pad_nd(step.bias, {0, turned ? 0 : first});
  return step;
}

FusedGraph fusedGraph(const FeatureSpec& spec, const WeightOf& weightOf, FeaturePart part) {
  return Builder(spec, weightOf).build(part);
}

}  // namespace dff
