#pragma once
// Includes torch: for this room's headers that hold modules, and for the trainer.
#include <torch/torch.h>

namespace dff {

/// A convolution whose padding keeps the size (before the stride), that goes through oneDNN whenever it infers in
/// float32. LibTorch gives kernels of one pixel on one thread, and maps of up to 20,480 values, to a plain matrix
/// product: up to twenty times slower where BLAS is not tuned, and not the same to the last digit on one thread as on
/// two. Weights [O,I,k,k], k odd, as in torch::nn::Conv2d.
struct ConvolutionImpl : torch::nn::Conv2dImpl {
  using torch::nn::Conv2dImpl::Conv2dImpl;
  torch::Tensor forward(const torch::Tensor& x) {
    const bool infers = c10::InferenceMode::is_enabled() && x.is_cpu() && x.scalar_type() == torch::kFloat;
    if (!infers || !at::hasMKLDNN()) return torch::nn::Conv2dImpl::forward(x);
    const bool last = x.suggest_memory_format() == at::MemoryFormat::ChannelsLast ||
                      weight.suggest_memory_format() == at::MemoryFormat::ChannelsLast;
    const auto format = last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
    const int64_t down = options.dilation()->at(0) * (weight.size(2) / 2),
                  across = options.dilation()->at(1) * (weight.size(3) / 2);
    return at::mkldnn_convolution(x.contiguous(format), weight, bias, {down, across}, *options.stride(),
                                  *options.dilation(), options.groups());
  }
};
TORCH_MODULE(Convolution);

}  // namespace dff
