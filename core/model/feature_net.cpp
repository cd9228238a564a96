#include "core/model/feature_net.h"

namespace dff {
namespace {

struct StageShape {
  int in, width, stride, dilation;
  bool strideAtSpatial = false;
};

/// The shortcut of a residual block: the identity where shapes agree, else a strided 1x1 projection.
ConvBn shortcutFor(int in, int out, int stride) {
  return in == out && stride == 1 ? ConvBn(nullptr) : ConvBn(in, out, 1, stride, 1, /*linear=*/true);
}

/// A residual block starts as the identity (Goyal et al. 2017): a deep network learns like a shallow one at first, and
/// blocks added to a trained network change nothing until they are trained.
void startAsIdentity(ConvBn& last) { torch::nn::init::zeros_(last->bn->weight); }

struct BasicBlockImpl : torch::nn::Module {
  explicit BasicBlockImpl(StageShape s)
      : first(register_module("first", ConvBn(s.in, s.width, 3, s.stride, s.dilation))),
        second(register_module("second", ConvBn(s.width, s.width, 3, 1, s.dilation, true))),
        shortcut(shortcutFor(s.in, s.width, s.stride)) {
    if (shortcut) register_module("shortcut", shortcut);
    startAsIdentity(second);
  }
  torch::Tensor forward(torch::Tensor x) {
    const auto y = second(first(x));
    return (y + (shortcut ? shortcut(x) : x)).relu_();
  }
  ConvBn first, second, shortcut;
};
TORCH_MODULE(BasicBlock);

struct BottleneckImpl : torch::nn::Module {
  explicit BottleneckImpl(StageShape s)
      : reduce(register_module("reduce", ConvBn(s.in, s.width, 1, s.strideAtSpatial ? 1 : s.stride))),
        spatial(register_module("spatial", ConvBn(s.width, s.width, 3, s.strideAtSpatial ? s.stride : 1, s.dilation))),
        expand(register_module("expand", ConvBn(s.width, 4 * s.width, 1, 1, 1, true))),
        shortcut(shortcutFor(s.in, 4 * s.width, s.stride)) {
    if (shortcut) register_module("shortcut", shortcut);
    startAsIdentity(expand);
  }
  torch::Tensor forward(torch::Tensor x) {
    const auto y = expand(spatial(reduce(x)));
    return (y + (shortcut ? shortcut(x) : x)).relu_();
  }
  ConvBn reduce, spatial, expand, shortcut;
};
TORCH_MODULE(Bottleneck);

/// Appends one residual stage; `s.in` becomes its output's channels.
torch::nn::Sequential makeStage(const FeatureSpec& spec, size_t index, int& channels) {
  torch::nn::Sequential stage;
  const bool basic = spec.block == "basic";
  for (int i = 0; i < spec.depths[index]; ++i) {
    const StageShape shape{channels, spec.widths[index], i == 0 ? spec.strides[index] : 1, spec.dilations[index],
                           spec.strideAt == "spatial"};
    if (basic)
      stage->push_back(BasicBlock(shape));
    else
      stage->push_back(Bottleneck(shape));
    channels = basic ? shape.width : 4 * shape.width;
  }
  return stage;
}

}  // namespace

FeatureNetImpl::FeatureNetImpl(const FeatureSpec& spec) : spec_(spec) {
  const bool patch = spec.stem == "patch";
  stem_ = register_module("stem", patch ? ConvBn(12, spec.widths[0], 3, 2) : ConvBn(3, 64, 7, 2));
  int channels = patch ? spec.widths[0] : 64;
  int skipChannels = 0, detailChannels = 0;
  for (size_t i = 0; i < spec.widths.size(); ++i) {
    if (i + 1 == spec.widths.size()) middleChannels_ = channels;
    stages_.push_back(register_module("stage" + std::to_string(i + 1), makeStage(spec, i, channels)));
    if (static_cast<int>(i) == spec.skipStage) skipChannels = channels;
    if (static_cast<int>(i) == spec.detailStage) detailChannels = channels;
    if (detailChannels && static_cast<int>(i) > spec.detailStage && static_cast<int>(i) <= spec.skipStage)
      detailFold_ *= spec.strides[i];
  }
  if (spec.context) context_ = register_module("context", convolution(channels, channels, 1, 1, 1, /*bias=*/true));
  if (skipChannels) {
    deepProjection_ = register_module("deep_projection", ConvBn(channels, spec.channels, 1, 1, 1, true));
    skipProjection_ = register_module("skip_projection", ConvBn(skipChannels, spec.channels, 1, 1, 1, true));
    channels = spec.channels;
  }
  if (detailChannels) {
    const int folded = detailChannels * detailFold_ * detailFold_;
    detailProjection_ = register_module("detail_projection", ConvBn(folded, spec.channels, 1, 1, 1, true));
    startAsIdentity(detailProjection_);
  }
  if (spec.outputNorm)
    output_ = register_module("output", ConvBn(channels, spec.channels, spec.outputKernel, 1, spec.outputDilation));
  else
    biasedOutput_ = register_module(
        "output", convolution(channels, spec.channels, spec.outputKernel, 1, spec.outputDilation, /*bias=*/true));
}

torch::Tensor FeatureNetImpl::stem(const torch::Tensor& x) {
  if (spec_.stem == "patch") return stem_(torch::pixel_unshuffle(x, 2));
  const bool ceil = spec_.stem == "imagenet_ceil";
  return torch::max_pool2d(stem_(x), 3, 2, ceil ? 0 : 1, 1, ceil);
}

void FeatureNetImpl::runStage(size_t index, Maps& maps) {
  maps.newest = stages_[index]->forward(maps.newest);
  if (static_cast<int>(index) == spec_.skipStage) maps.skip = maps.newest;
  if (static_cast<int>(index) == spec_.detailStage) maps.detail = maps.newest;
}

torch::Tensor FeatureNetImpl::merge(const torch::Tensor& deep, const Maps& maps) {
  auto merged = resizeLike(deep, maps.skip) + skipProjection_(maps.skip);
  if (maps.detail.defined()) merged = merged + detailProjection_(torch::pixel_unshuffle(maps.detail, detailFold_));
  return merged.relu_();
}

FeatureNetImpl::Output FeatureNetImpl::forwardAll(torch::Tensor x) {
  Output out;
  Maps maps{stem(x), {}, {}};
  for (size_t i = 0; i < stages_.size(); ++i) {
    if (i + 1 == stages_.size()) out.middle = maps.newest;
    runStage(i, maps);
  }
  x = maps.newest;
  // No batch norm on the context: statistics over one value a picture would be noise.
  if (context_) x = x + torch::relu(context_(torch::adaptive_avg_pool2d(x, {1, 1})));
  if (deepProjection_) {
    out.deep = deepProjection_(x);
    x = merge(out.deep, maps);
  }
  out.feature = output(x);
  return out;
}

torch::Tensor FeatureNetImpl::refreshed(const torch::Tensor& x, const torch::Tensor& deep) {
  Maps maps{stem(x), {}, {}};
  for (int i = 0; i <= spec_.skipStage; ++i) runStage(static_cast<size_t>(i), maps);
  return output(merge(deep, maps));
}

}  // namespace dff
