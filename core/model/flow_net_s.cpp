// FlowNet-S with the two changes of Deep Feature Flow: half-resolution input, and a scale map (reference section 3).
#include <cmath>

#include "core/model/flow_net.h"

namespace dff {
namespace {

constexpr double kFlowFactor = 2.5;  // reference section 3: raw prediction to cells of stride 16

torch::Tensor leaky(torch::Tensor x) { return torch::leaky_relu_(x, 0.1); }

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

class FlowNetS : public FlowNet {
 public:
  FlowNetS(const FlowSpec& spec, const FlowNetShape& shape) : stride_(shape.stride) {
    if (stride_ != 8 && stride_ != 16)
      fail("FlowNet-S ends on a grid of stride 8 or 16, the feature map has stride ", stride_);
    const auto w = [&](int channels) { return std::max(2, int(std::lround(channels * spec.width))); };
    const int out[] = {w(64), w(128), w(256), w(256), w(512), w(512), w(512), w(512), w(1024), w(1024)};
    const int kernel[] = {7, 5, 5, 3, 3, 3, 3, 3, 3, 3};
    const int stride[] = {2, 2, 2, 1, 2, 1, 2, 1, 2, 1};
    const char* names[] = {"conv1",   "conv2", "conv3",   "conv3_1", "conv4",
                           "conv4_1", "conv5", "conv5_1", "conv6",   "conv6_1"};
    int in = 6;
    for (int i = 0; i < 10; ++i) {
      encoder_.push_back(register_module(names[i], convolution(in, out[i], kernel[i], stride[i], 1, true)));
      in = out[i];
    }
    refine5_ = register_module("refine5", Refine(w(1024), w(512)));
    refine4_ = register_module("refine4", Refine(w(512) + w(512) + 2, w(256)));
    refine3_ = register_module("refine3", Refine(w(512) + w(256) + 2, w(128)));
    refine2_ = register_module("refine2", Refine(w(256) + w(128) + 2, w(64)));
    const int last = w(128) + w(64) + 2;
    flow_ = register_module("flow", convolution(last, 2, 3, 1, 1, true));
    if (spec.scaleMap) makeScale(last, shape.channels);
  }

  Code encode(const torch::Tensor& picture) override {
    return {torch::avg_pool2d(picture, 2, 2, 0, /*ceil_mode=*/true).to(encoder_[0]->weight.scalar_type())};
  }

  FlowEstimate estimate(const Code& cur, const Code& key) override {
    std::vector<torch::Tensor> maps;
    auto x = torch::cat({cur[0], key[0]}, 1);  // current frame first
    for (auto& conv : encoder_) maps.push_back(x = leaky(conv(x)));
    x = refine5_(maps[9], maps[7]);
    x = refine4_(x, maps[5]);
    x = refine3_(x, maps[3]);
    x = refine2_(x, maps[1]);
    if (stride_ == 16) x = torch::avg_pool2d(x, 2, 2, 0, /*ceil_mode=*/true);
    FlowEstimate out;
    out.keyFromCur = flow_(x).to(torch::kFloat) * (kFlowFactor * 16 / stride_);
    if (scale_) out.scale = scale_(x).to(torch::kFloat);
    return out;
  }

 private:
  void makeScale(int in, int channels) {
    scale_ = register_module("scale", convolution(in, channels, 1, 1, 1, true));
    torch::NoGradGuard guard;
    scale_->weight.zero_();
    scale_->bias.fill_(1);
  }

  int stride_;
  std::vector<Convolution> encoder_;
  Refine refine5_{nullptr}, refine4_{nullptr}, refine3_{nullptr}, refine2_{nullptr};
  Convolution flow_{nullptr}, scale_{nullptr};
};

}  // namespace

std::shared_ptr<FlowNet> makeFlowNetS(const FlowSpec& spec, const FlowNetShape& shape) {
  return std::make_shared<FlowNetS>(spec, shape);
}

}  // namespace dff
