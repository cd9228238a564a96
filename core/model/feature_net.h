#pragma once
#include "core/model/layers.h"
#include "core/model/spec.h"

namespace dff {

/// The heavy network that runs on key frames: picture [N,3,H,W] -> feature map [N,C,ceil(H/stride),ceil(W/stride)],
/// after its last ReLU.
struct FeatureNetImpl : torch::nn::Module {
  explicit FeatureNetImpl(const FeatureSpec& spec);

  struct Output {
    torch::Tensor feature;
    torch::Tensor middle;  ///< map of the last but one stage, for the auxiliary loss of training
    torch::Tensor deep;    ///< what the merge read of the last stage, [N,C,h',w'] coarse; undefined without a skip
  };
  Output forwardAll(torch::Tensor x);
  torch::Tensor forward(const torch::Tensor& x) { return forwardAll(x).feature; }
  /// The feature map of a picture whose stages after the skip are not run: `deep` is what they made of another one.
  torch::Tensor refreshed(const torch::Tensor& x, const torch::Tensor& deep);
  int middleChannels() const { return middleChannels_; }

 private:
  /// The newest map, and those that the merge reads besides.
  struct Maps {
    torch::Tensor newest, skip, detail;
  };
  torch::Tensor stem(const torch::Tensor& x);
  void runStage(size_t index, Maps& maps);
  torch::Tensor output(const torch::Tensor& x) { return output_ ? output_(x) : biasedOutput_(x).relu_(); }
  torch::Tensor merge(const torch::Tensor& deep, const Maps& maps);

  FeatureSpec spec_;
  int middleChannels_ = 0;
  int detailFold_ = 1;  ///< cells of the detail stage that one cell of the output covers, along each side
  Convolution context_{nullptr}, biasedOutput_{nullptr};
  ConvBn stem_{nullptr}, deepProjection_{nullptr}, skipProjection_{nullptr}, detailProjection_{nullptr},
      output_{nullptr};
  std::vector<torch::nn::Sequential> stages_;
};
TORCH_MODULE(FeatureNet);

}  // namespace dff
