#pragma once
// Building blocks of the networks. Includes torch: for sources of this room and the trainer only.
#include "core/model/convolution.h"

namespace dff {

/// A k x k convolution without bias whose padding keeps the size (before the stride).
inline Convolution convolution(int in, int out, int kernel, int stride = 1, int dilation = 1, bool bias = false) {
  return Convolution(torch::nn::Conv2dOptions(in, out, kernel)
                         .stride(stride)
                         .padding(dilation * (kernel / 2))
                         .dilation(dilation)
                         .bias(bias));
}

/// Convolution and batch normalisation, with ReLU unless `linear`.
struct ConvBnImpl : torch::nn::Module {
  ConvBnImpl(int in, int out, int kernel, int stride = 1, int dilation = 1, bool linear = false)
      : conv(register_module("conv", convolution(in, out, kernel, stride, dilation))),
        bn(register_module("bn", torch::nn::BatchNorm2d(out))),
        linear(linear) {}
  torch::Tensor forward(const torch::Tensor& x) {
    const auto y = bn ? bn(conv(x)) : conv(x);
    return linear ? y : y.relu_();
  }
  /// With stored statistics batch normalisation is a scale and a shift a channel: both move into the convolution.
  void fold() {
    const auto scale = bn->weight / (bn->running_var + bn->options.eps()).sqrt();
    const auto& o = conv->options;
    auto folded = convolution(int(o.in_channels()), int(o.out_channels()), int(o.kernel_size()->at(0)),
                              int(o.stride()->at(0)), int(o.dilation()->at(0)), /*bias=*/true);
    folded->weight.copy_(conv->weight * scale.view({-1, 1, 1, 1}));
    folded->bias.copy_(bn->bias - bn->running_mean * scale);
    conv = replace_module("conv", folded);
    unregister_module("bn");
    bn = nullptr;
  }
  Convolution conv;
  torch::nn::BatchNorm2d bn;
  bool linear;
};
TORCH_MODULE(ConvBn);

/// Bilinear enlargement to the size of `like` (half-pixel centres).
inline torch::Tensor resizeLike(const torch::Tensor& x, const torch::Tensor& like) {
  return at::upsample_bilinear2d(x, {like.size(2), like.size(3)}, /*align_corners=*/false);
}

}  // namespace dff
