// A siamese flow network from coarse to fine: at each level the key's code is warped by the flow so far, compared with
// the current frame's in a small cost volume, and a few convolutions refine the flow (the idea of PWC-Net, Sun et al.
// 2018, at a hundredth of its cost). It sees half the resolution and ends on the feature grid.
#include <cmath>

#include "core/model/flow_net.h"
#include "core/model/fused_net.h"
#include "kernels/correlation.h"
#include "kernels/warp.h"

namespace dff {
namespace {

constexpr double kSlope = 0.1;

torch::Tensor leaky(torch::Tensor x) { return torch::leaky_relu_(x, kSlope); }

/// A convolution as a step of a fused network.
FusedStep stepOf(const Convolution& conv, double slope) {
  FusedStep step;
  step.weight = conv->weight.detach();
  step.bias = conv->bias.detach();
  step.stride = conv->options.stride()->at(0);
  step.padding = conv->options.kernel_size()->at(0) / 2;
  step.slope = float(slope);
  return step;
}

/// The same behind a mean over 2x2: its taps spread over twice as many pixels, which need not be averaged first.
FusedStep behindMean(FusedStep step) {
  step.weight = at::repeat_interleave(at::repeat_interleave(step.weight, 2, 2), 2, 3) / 4;
  step.stride *= 2;
  step.padding *= 2;
  return step;
}

std::unique_ptr<FusedNet> fused(std::vector<FusedStep> steps) {
  return std::make_unique<FusedNet>(chainGraph(std::move(steps)));
}

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
  torch::Tensor forward(const torch::Tensor& x) { return both ? both->forward(x) : leaky(same(leaky(down(x)))); }
  void fuse() { both = fused({stepOf(down, kSlope), stepOf(same, kSlope)}); }
  Convolution down, same;
  std::unique_ptr<FusedNet> both;
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
    const auto hidden = threeFused ? threeFused->forward(seen) : leaky(third(leaky(second(leaky(first(seen))))));
    const auto change = flowFused ? flowFused->forward(hidden) : flow(hidden).to(torch::kFloat);
    return {start + change, hidden};
  }
  void fuse() {
    threeFused = fused({stepOf(first, kSlope), stepOf(second, kSlope), stepOf(third, kSlope)});
    flowFused = fused({stepOf(flow, 1)});
  }
  int radius;
  Convolution first, second, third, flow;
  std::unique_ptr<FusedNet> threeFused, flowFused;
};
TORCH_MODULE(DecoderLevel);

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
    Code levels;
    torch::Tensor x;
    for (size_t i = 0; i < encoders_.size(); ++i) {
      x = i == 0 ? encodeFirst(picture) : encoders_[i](x);
      if (i + decoders_.size() >= encoders_.size()) levels.push_back(x);
    }
    return levels;
  }

  FlowEstimate estimate(const Code& cur, const Code& key) override {
    FlowEstimate out;
    DecoderLevelImpl::Output level;
    for (size_t i = decoders_.size(); i-- > 0;) {
      const auto coarse = level.flow.defined() ? resizeLike(level.flow, cur[i]) * 2 : torch::Tensor();
      level = decoders_[i]->refine(cur[i], key[i], coarse);
      if (is_training() && i > 0) out.coarse.push_back(level.flow);
    }
    out.keyFromCur = level.flow;
    if (scale_) out.scale = scaleFused_ ? scaleFused_->forward(level.hidden) : scale_(level.hidden).to(torch::kFloat);
    return out;
  }

  void fuse() override {
    const auto& first = encoders_.front();
    firstFused_ = fused({behindMean(stepOf(first->down, kSlope)), stepOf(first->same, kSlope)});
    for (auto& encoder : encoders_) encoder->fuse();
    for (auto& decoder : decoders_) decoder->fuse();
    if (scale_) scaleFused_ = fused({stepOf(scale_, 1)});
  }

 private:
  /// The first level sees half the resolution. A mean over part of a window, at an odd side, is no convolution.
  torch::Tensor encodeFirst(const torch::Tensor& picture) {
    if (firstFused_ && picture.size(2) % 2 == 0 && picture.size(3) % 2 == 0) return firstFused_->forward(picture);
    const auto half = torch::avg_pool2d(picture, 2, 2, 0, /*ceil_mode=*/true);
    return encoders_.front()(half.to(encoders_.front()->down->weight.scalar_type()));
  }

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
  std::unique_ptr<FusedNet> firstFused_, scaleFused_;
};

}  // namespace

std::shared_ptr<FlowNet> makePyramidFlowNet(const FlowSpec& spec, const FlowNetShape& shape) {
  return std::make_shared<PyramidFlowNet>(spec, shape);
}

}  // namespace dff
