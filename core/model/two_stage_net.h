#pragma once
#include <ATen/core/Tensor.h>

#include <memory>

#include "core/model/model_ptr.h"

namespace dff {

class FusedNet;

/// A feature network cut at its skip, for Clockwork's alternating schedule (Shelhamer et al. 2016): the map of the deep
/// stages is kept from one picture, and the stages up to the skip, the merge and the output see another one. In float32
/// both are fused.
class TwoStageNet {
 public:
  /// Of a model that forInference() made. Throws Error where its feature network has no skip or is a TorchScript
  /// module.
  explicit TwoStageNet(ModelPtr model);
  ~TwoStageNet();

  struct Maps {
    at::Tensor feature;  ///< as DffModel::featureMap() gives it
    at::Tensor deep;     ///< for refreshed()
  };
  Maps whole(const at::Tensor& pixels);
  /// The feature of a picture of the same size, whose deep stages are not run.
  at::Tensor refreshed(const at::Tensor& pixels, const at::Tensor& deep);

 private:
  ModelPtr model_;
  std::unique_ptr<FusedNet> whole_, refresh_;
};

}  // namespace dff
