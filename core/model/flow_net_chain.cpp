#include "core/model/flow_net_chain.h"

#include <cmath>

namespace dff {
namespace {

constexpr double kFlowFactor = 2.5;  // reference section 3: raw prediction to cells of stride 16

/// MXNet's "pad 0, then crop from (1,1) to the size of the reference" is padding 1 cropped at the top left.
torch::Tensor cropLike(const torch::Tensor& x, const torch::Tensor& like) {
  return x.slice(2, 0, like.size(2)).slice(3, 0, like.size(3));
}

torch::nn::ConvTranspose2d deconvolution(int in, int out) {
  return torch::nn::ConvTranspose2d(torch::nn::ConvTranspose2dOptions(in, out, 4).stride(2).padding(1));
}

/// One step of the refinement chain: coarse map and its flow -> (encoder map, deconvolved map, upsampled flow).
struct RefineImpl : torch::nn::Module {
  RefineImpl(int in, int out)
      : flow(register_module("flow", convolution(in, 2, 3, 1, 1, true))),
        deconv(register_module("deconv", deconvolution(in, out))),
        upflow(register_module("upflow", deconvolution(2, 2))) {}
  torch::Tensor forward(const torch::Tensor& coarse, const torch::Tensor& encoder) {
    return torch::cat({encoder, leaky(cropLike(deconv(coarse), encoder)), cropLike(upflow(flow(coarse)), encoder)}, 1);
  }
  Convolution flow;
  torch::nn::ConvTranspose2d deconv, upflow;
};
TORCH_MODULE(Refine);

/// Ceil rounding; a window that lies half outside is the mean of what lies inside (reference section 3).
torch::Tensor halved(const torch::Tensor& x) { return torch::avg_pool2d(x, 2, 2, 0, /*ceil_mode=*/true); }

}  // namespace

int ChainFlowNet::scaled(int channels) const { return std::max(2, int(std::lround(channels * spec_.width))); }

void ChainFlowNet::build(FlowEncoder encoder) {
  if (shape_.stride != 8 && shape_.stride != 16)
    fail("FlowNet ends on a grid of stride 8 or 16, the feature map has stride ", shape_.stride);
  encoder_ = std::move(encoder);
  int in = encoder_.channels[4];
  for (int level = 3; level >= 0; --level) {
    const int out = encoder_.refined[size_t(level)];
    refine_.emplace_back(register_module("refine" + std::to_string(level + 2), Refine(in, out)));
    in = encoder_.channels[size_t(level)] + out + 2;
  }
  flow_ = register_module("flow", convolution(in, 2, 3, 1, 1, true));
  if (spec_.scaleMap) makeScale(in);
}

void ChainFlowNet::makeScale(int in) {
  scale_ = register_module("scale", convolution(in, shape_.channels, 1, 1, 1, true));
  torch::NoGradGuard guard;
  scale_->weight.zero_();
  scale_->bias.fill_(1);
}

FlowNet::Code ChainFlowNet::encode(const torch::Tensor& picture) {
  const auto small = halved(spec_.inputDivisor == 1 ? picture : picture / spec_.inputDivisor);
  return {small.to(flow_->weight.scalar_type())};
}

FlowEstimate ChainFlowNet::estimate(const Code& cur, const Code& key) {
  std::vector<torch::Tensor> maps;
  auto x = torch::cat({cur[0], key[0]}, 1);  // current frame first
  for (auto& layer : encoder_.layers) maps.push_back(x = layer(x));
  for (size_t i = 0; i < refine_.size(); ++i) x = refine_[i].forward(x, maps[encoder_.ends[3 - i]]);
  if (shape_.stride == 16) x = halved(x);
  FlowEstimate out;
  out.keyFromCur = flow_(x).to(torch::kFloat) * (kFlowFactor * 16 / shape_.stride);
  if (scale_) out.scale = scale_(x).to(torch::kFloat);
  return out;
}

}  // namespace dff
