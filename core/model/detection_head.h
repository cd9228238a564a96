#pragma once
#include <vector>

#include "core/model/anchors.h"
#include "core/model/fused_net.h"
#include "core/model/layers.h"

namespace dff {

/// What the one-layer heads say of a feature map [N,C,h,w]; A anchors a cell, K classes, k x k bins. All float32.
struct DetectionMaps {
  torch::Tensor anchorScores;  ///< [N,2A,h,w] logits: channel a for background, A + a for an object
  torch::Tensor anchorDeltas;  ///< [N,4A,h,w] corrections of anchor a in channels 4a .. 4a + 3
  torch::Tensor regionScores;  ///< [N,(K+1)*k*k,h,w] position-sensitive logits, background first
  torch::Tensor regionDeltas;  ///< [N,4*k*k,h,w] position-sensitive corrections, the same for every class
};

/// What is known of R regions.
struct RegionOutput {
  torch::Tensor scores;  ///< [R,K+1] logits, background first
  torch::Tensor deltas;  ///< [R,4]
};

/// Region proposals and R-FCN on one shared feature; every head is a 1x1 convolution that reads all channels, or, where
/// the spec splits them, the first ones for proposals and the rest for regions.
struct DetectionHeadImpl : torch::nn::Module {
  DetectionHeadImpl(const DetectionSpec& spec, int channels, int stride);

  DetectionMaps forward(const torch::Tensor& feature);

  /// The proposals for one image of the batch, best first and no more than `atMost`, within the picture, which lies at
  /// the upper left of the network's input. Constants: no gradient flows through them.
  std::vector<Box> propose(const DetectionMaps& maps, int64_t image, cv::Size picture, int atMost) const;

  /// Position-sensitive pooling of regions [R,5] (image, x1, y1, x2, y2), and the mean over the bins.
  RegionOutput regions(const DetectionMaps& maps, const torch::Tensor& rois) const;

  /// From here on forward() only infers, one picture at a time, in float32.
  void fuse();

  AnchorGrid anchorsOf(const DetectionMaps& maps) const;
  const DetectionSpec& spec() const { return spec_; }

 private:
  FusedGraph graph() const;

  DetectionSpec spec_;
  int stride_;
  std::shared_ptr<FusedNet> fused_;
  Convolution anchorScores_{nullptr}, anchorDeltas_{nullptr}, regionScores_{nullptr}, regionDeltas_{nullptr};
};
TORCH_MODULE(DetectionHead);

/// Regions as the pooling reads them, [R,5], all of image `image`.
torch::Tensor roisOf(const std::vector<Box>& boxes, int64_t image);

}  // namespace dff
