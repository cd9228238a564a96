#pragma once
#include "core/train/losses.h"

namespace dff {

/// The four losses of R-FCN (Dai et al. 2016; Ren et al. 2015) on a feature [N,C,h,w] of the batch's current pictures:
/// anchors (drawn at random) and regions (proposals and true boxes; the hardest ones, OHEM), each cross-entropy and
/// smooth L1. The mean over the pictures. The model must have a detection part.
Loss detectionLoss(TrainedNets& nets, const torch::Tensor& feature, const Batch& batch, const StageOptions& stage);

}  // namespace dff
