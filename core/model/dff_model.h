#pragma once
#include <string>
#include <utility>
#include <vector>

#include "core/model/convolution.h"
#include "core/model/detection_head.h"
#include "core/model/feature_net.h"
#include "core/model/flow_net.h"
#include "core/model/fused_net.h"
#include "core/model/model_ptr.h"
#include "core/model/script_module.h"
#include "core/model/spec.h"

namespace dff {

/// The one-layer head of segmentation: feature [N,C,h,w] -> logits [N,classes,u h,u w], u = `upscale`.
struct SegmentationHeadImpl : ConvolutionImpl {
  SegmentationHeadImpl(const SegmentationSpec& spec, int channels, int classes);
  torch::Tensor forward(const torch::Tensor& feature);
  /// One logit a cell and channel, before they are unfolded or enlarged.
  torch::Tensor perCell(const torch::Tensor& feature) {
    return fused_ ? fused_->forward(feature) : ConvolutionImpl::forward(feature);
  }
  /// From here on it only infers, one picture at a time, in float32.
  void fuse();
  /// Whether forward() only enlarges perCell() bilinearly, with half-pixel centres (but for the border, where it
  /// shrinks all classes alike): the deconvolution as it is made, of an even stride.
  bool enlargesBilinearly() const;

  const int upscale;         ///< logits a feature cell, along each side
  torch::Tensor upsampling;  ///< [classes,1,2u,2u] kernels of the deconvolution, not trained; undefined without one

 private:
  torch::Tensor laidOut(const torch::Tensor& logits) const;
  std::shared_ptr<FusedNet> fused_;
};
TORCH_MODULE(SegmentationHead);

/// The networks of one model: feature network, flow network, and the heads of its tasks.
struct DffModel : torch::nn::Module {
  /// `scripts`: the modules that the spec names; throws Error where one of them is not there.
  explicit DffModel(ModelSpec spec, ScriptNets scripts = {});

  ModelSpec spec;
  ScriptNets scripts;           ///< in place of parts of the below
  FeatureNet feature{nullptr};  ///< empty where a script takes its place
  std::shared_ptr<FlowNet> flow;
  SegmentationHead segmentation{nullptr};  ///< empty where the spec has no classes, or a script takes its place
  DetectionHead detection{nullptr};        ///< empty where the spec has none
  std::shared_ptr<FusedNet> fused;         ///< computes what `feature` does, where forInference() made one

  /// The feature map of a picture [1,3,H,W] float, as float and channels_last: by `fused` where there is one.
  torch::Tensor featureMap(const torch::Tensor& pixels);
  /// What segmentation's head makes of a feature map: logits [N,classes,u h,u w].
  torch::Tensor logits(const torch::Tensor& feature);
  bool segments() const { return scripts.segmentation || segmentation; }
};

/// Lays the weights of every convolution out channels_last, the order oneDNN multiplies in without shuffling.
void toChannelsLast(torch::nn::Module& module);

/// The steps of a model's feature network; its batch norm must have been folded, as in forInference()'s.
FusedGraph featureGraph(const DffModel& folded, FeaturePart part = FeaturePart::Whole);

/// A copy that computes the same faster, for inference only: batch norm folded, weights channels_last, and the
/// convolutions of feature and flow network in bfloat16 where asked; in float32 they are fused.
ModelPtr forInference(const DffModel& model, bool bfloat16);

/// The bilinear kernel of a deconvolution with stride `u`, [2u,2u]: (1 - |x/u - (2u-1)/2u|) (1 - |y/u - (2u-1)/2u|).
torch::Tensor bilinearKernel(int u);

/// Every parameter and buffer with its dotted name, in the order of the network; the tensors are the model's own.
std::vector<std::pair<std::string, torch::Tensor>> namedTensors(const torch::nn::Module& module);

}  // namespace dff
