// A siamese flow network from coarse to fine: at each level the key's code is warped by the flow so far, compared with
// the current frame's in a small cost volume, and a few convolutions refine the flow (the idea of PWC-Net, Sun et al.
// 2018, at a hundredth of its cost). It sees half the resolution and ends on the feature grid.
#include <array>
#include <cmath>

#include "core/model/flow_net.h"
#include "core/model/fused_layers.h"
#include "core/model/fused_net.h"
#include "kernels/correlation.h"
#include "kernels/warp.h"

namespace dff {
namespace {

constexpr double kSlope = 0.1;

torch::Tensor leaky(torch::Tensor x) { return torch::leaky_relu_(x, kSlope); }

/// LibTorch's default shrinks the signal layer by layer until the cost volumes, products of two codes, vanish.
void keepVariance(torch::nn::Module& net) {
  torch::NoGradGuard guard;
  for (auto& p : net.named_parameters()) {
    if (p.value().dim() == 4) torch::nn::init::kaiming_normal_(p.value(), kSlope, torch::kFanIn, torch::kLeakyReLU);
    if (p.value().dim() == 1) p.value().zero_();
    if (p.key().find(".flow.weight") != std::string::npos) p.value().mul_(0.1);  // start near no motion
  }
}

/// Two convolutions; the first halves the resolution.
struct EncoderLevelImpl : torch::nn::Module {
  EncoderLevelImpl(int in, int out)
      : down(register_module("down", convolution(in, out, 3, 2, 1, true))),
        same(register_module("same", convolution(out, out, 3, 1, 1, true))) {}
  torch::Tensor forward(const torch::Tensor& x) { return leaky(same(leaky(down(x)))); }
  Convolution down, same;
};
TORCH_MODULE(EncoderLevel);

/// Cost volume, current code and the coarser flow -> a refinement of the flow.
struct DecoderLevelImpl : torch::nn::Module {
  DecoderLevelImpl(int code, int radius, int width)
      : radius(radius),
        first(register_module("first",
                              convolution((2 * radius + 1) * (2 * radius + 1) + code + 2, width, 3, 1, 1, true))),
        second(register_module("second", convolution(width, width, 3, 1, 1, true))),
        third(register_module("third", convolution(width, width / 2, 3, 1, 1, true))),
        flow(register_module("flow", convolution(width / 2, 2, 3, 1, 1, true))) {}

  struct Output {
    torch::Tensor flow, hidden;
  };
  Output refine(const torch::Tensor& cur, const torch::Tensor& key, const torch::Tensor& coarse) {
    // Positions and costs stay in float32 where convolutions are bfloat16: a cell's hundredth matters.
    const auto curCode = cur.to(torch::kFloat), keyCode = key.to(torch::kFloat);
    const auto before =
        coarse.defined() ? coarse.to(torch::kFloat) : curCode.new_zeros({cur.size(0), 2, cur.size(2), cur.size(3)});
    const auto start = before.contiguous(curCode.suggest_memory_format());  // or cat() would turn everything over
    const auto aligned = coarse.defined() ? kernels::warp(keyCode, start) : keyCode;
    const auto cost = leaky(kernels::correlation(curCode, aligned, radius) * std::sqrt(double(cur.size(1))));
    const auto seen = torch::cat({cost, curCode, start}, 1).to(first->weight.scalar_type());
    const auto hidden = leaky(third(leaky(second(leaky(first(seen))))));
    return {start + flow(hidden).to(torch::kFloat), hidden};
  }
  int radius;
  Convolution first, second, third, flow;
};
TORCH_MODULE(DecoderLevel);

/// The network as it infers: a graph of what each picture needs alone, one that compares two, and the scale map.
class FusedPyramid {
 public:
  FusedPyramid(const std::vector<EncoderLevel>& encoders, const std::vector<DecoderLevel>& decoders,
               const Convolution& scale)
      : levels_(decoders.size()), encode_(encoderGraph(encoders)), compare_(decoderGraph(encoders, decoders)) {
    if (scale) scale_ = std::make_unique<FusedNet>(scaleGraph(scale));
  }

  FlowNet::Code encode(const torch::Tensor& picture) {
    FlowNet::Code levels(levels_);
    const torch::Tensor half = halvedPicture(picture);
    encode_.forward({&half, 1}, {levels.data(), levels.size()});
    return levels;
  }

  FlowEstimate estimate(const FlowNet::Code& cur, const FlowNet::Code& key, bool wantsScale) {
    std::array<torch::Tensor, 2 * kMostLevels> codes;
    std::array<torch::Tensor, 2> made;  // flow, hidden
    std::copy(cur.begin(), cur.end(), codes.begin());
    std::copy(key.begin(), key.end(), codes.begin() + ptrdiff_t(levels_));
    compare_.forward({codes.data(), 2 * levels_}, made);
    FlowEstimate out;
    out.keyFromCur = made[0];
    if (scale_ && wantsScale) out.scale = scale_->forward(made[1]);
    return out;
  }

 private:
  static constexpr size_t kMostLevels = 4;

  /// Given is the picture at half the resolution.
  FusedGraph encoderGraph(const std::vector<EncoderLevel>& encoders) const {
    FusedGraph graph;
    int x = 0;
    for (size_t i = 0; i < encoders.size(); ++i) {
      x = append(graph, stepOf(encoders[i]->down, kSlope), x);
      x = append(graph, stepOf(encoders[i]->same, kSlope), x);
      if (i + levels_ >= encoders.size()) graph.outputs.push_back(x);
    }
    return graph;
  }

  /// Given are the codes of the current frame, finest first, and then the key's. Flows lie in the first two channels of
  /// whole vectors, the others of which are 0.
  FusedGraph decoderGraph(const std::vector<EncoderLevel>& encoders, const std::vector<DecoderLevel>& decoders) const {
    FusedGraph graph;
    graph.inputs = graph.maps = int(2 * levels_);
    int flow = -1, hidden = -1;
    for (int i = int(levels_) - 1; i >= 0; --i) {
      const int64_t code = encoders[encoders.size() - levels_ + size_t(i)]->same->options.out_channels();
      const auto& level = decoders[size_t(i)];
      const int start = flow < 0 ? -1 : enlarged(graph, flow, i);
      hidden = append(graph, inWholeVectors(stepOf(level->first, kSlope)), seen(graph, *level, code, i, start));
      hidden = append(graph, inWholeVectors(stepOf(level->second, kSlope)), hidden);
      hidden = append(graph, inWholeVectors(stepOf(level->third, kSlope)), hidden);
      flow = append(graph, inWholeVectors(stepOf(level->flow, 1)), hidden, start);
    }
    graph.outputs = {layBeside(graph, {{flow, 2}}, /*whole=*/false), hidden};
    return graph;
  }

  /// A coarser level's flow in cells of level i.
  static int enlarged(FusedGraph& graph, int flow, int i) {
    FusedStep step;
    step.kind = FusedStep::Kind::Resize;
    step.from = flow;
    step.like = i;
    step.gain = 2;
    return graph.add(std::move(step));
  }

  /// What a decoder reads: the cost volume against the key's code moved along `start`, the current code, `start`.
  int seen(FusedGraph& graph, const DecoderLevelImpl& level, int64_t code, int i, int start) const {
    FusedStep step;
    step.kind = FusedStep::Kind::Warp;
    step.from = step.with = i + int(levels_);
    if (start >= 0) {
      step.with = start;
      step.with = graph.add(step);
    }
    const int64_t costs = (2 * level.radius + 1) * (2 * level.radius + 1);
    step.kind = FusedStep::Kind::Correlate;
    step.from = i;
    step.radius = level.radius;
    step.gain = float(std::sqrt(double(code)));
    step.slope = float(kSlope);
    step.channels = wholeVectors(costs + code + 2);
    const int all = graph.add(step);
    layBeside(graph, {{i, code}}, {all, step.channels}, costs);
    if (start >= 0)
      layBeside(graph, {{start, 2}}, {all, step.channels}, costs + code);  // at the coarsest level it is 0
    return all;
  }

  size_t levels_;
  FusedNet encode_, compare_;
  std::unique_ptr<FusedNet> scale_;
};

class PyramidFlowNet : public FlowNet {
 public:
  PyramidFlowNet(const FlowSpec& spec, const FlowNetShape& shape) {
    const auto wide = [&](int channels) { return std::max(4, int(std::lround(channels * spec.width / 4) * 4)); };
    const int finest = int(std::lround(std::log2(shape.stride)));  // level n has stride 2^n
    const int coarsest = std::max(5, finest);
    int channels = 3;
    for (int level = 2; level <= coarsest; ++level) {
      const int out = wide(level == 2 ? 16 : level == 3 ? 32 : level == 4 ? 48 : 64);
      encoders_.push_back(register_module("encoder" + std::to_string(level), EncoderLevel(channels, out)));
      channels = out;
      if (level < finest) continue;
      // The coarsest level sees the whole motion, the finer ones only what is left of it.
      const int radius = level == coarsest ? spec.radius : std::max(1, spec.radius - 1 - (coarsest - 1 - level));
      decoders_.push_back(register_module("decoder" + std::to_string(level),
                                          DecoderLevel(out, radius, wide(level == finest ? 48 : 64))));
    }
    keepVariance(*this);
    if (spec.scaleMap) makeScale(shape.channels);
  }

  Code encode(const torch::Tensor& picture) override {
    if (fused_) return fused_->encode(picture);
    Code levels;
    auto x = torch::avg_pool2d(picture, 2, 2, 0, /*ceil_mode=*/true).to(encoders_.front()->down->weight.scalar_type());
    for (size_t i = 0; i < encoders_.size(); ++i) {
      x = encoders_[i](x);
      if (i + decoders_.size() >= encoders_.size()) levels.push_back(x);
    }
    return levels;
  }

  FlowEstimate estimate(const Code& cur, const Code& key) override {
    if (fused_) return fused_->estimate(cur, key, wantsScale);
    FlowEstimate out;
    DecoderLevelImpl::Output level;
    for (size_t i = decoders_.size(); i-- > 0;) {
      const auto coarse = level.flow.defined() ? resizeLike(level.flow, cur[i]) * 2 : torch::Tensor();
      level = decoders_[i]->refine(cur[i], key[i], coarse);
      if (is_training() && i > 0) out.coarse.push_back(level.flow);
    }
    out.keyFromCur = level.flow;
    if (scale_) out.scale = scale_(level.hidden).to(torch::kFloat);
    return out;
  }

  void fuse() override { fused_ = std::make_unique<FusedPyramid>(encoders_, decoders_, scale_); }

 private:
  /// The scale map starts as one everywhere (reference section 3).
  void makeScale(int channels) {
    const int hidden = int(decoders_.front()->third->options.out_channels());
    scale_ = register_module("scale", convolution(hidden, channels, 1, 1, 1, true));
    torch::NoGradGuard guard;
    scale_->weight.zero_();
    scale_->bias.fill_(1);
  }

  std::vector<EncoderLevel> encoders_;  // from fine to coarse
  std::vector<DecoderLevel> decoders_;
  Convolution scale_{nullptr};
  std::unique_ptr<FusedPyramid> fused_;
};

}  // namespace

std::shared_ptr<FlowNet> makePyramidFlowNet(const FlowSpec& spec, const FlowNetShape& shape) {
  return std::make_shared<PyramidFlowNet>(spec, shape);
}

}  // namespace dff
