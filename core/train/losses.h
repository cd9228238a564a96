#pragma once
#include "core/model/dff_model.h"
#include "core/train/batch.h"

namespace dff {

/// The value to minimise, and its parts for the log.
struct Loss {
  torch::Tensor total;
  std::vector<std::pair<std::string, double>> parts;
};

/// One less the mean soft IoU over the classes that the labels have (Rahman and Wang 2016): what is measured in the
/// end, in which a pole counts as much as a road. logits [N,K,H,W], labels [N,H,W] int64, K and above: not known.
torch::Tensor softJaccard(const torch::Tensor& logits, const torch::Tensor& labels);

/// The networks in training: the model, and what only training needs.
struct TrainedNets : torch::nn::Module {
  explicit TrainedNets(const ModelSpec& spec, const std::vector<float>& classWeights);
  ModelPtr model;
  Convolution auxiliary;  ///< segmentation from the middle of the feature network
  torch::Tensor classWeights;
  ModelPtr frozen;  ///< the model as it infers, while a stage leaves feature network and heads as they are; else null
};

/// One way to learn: which parameters, whether from pairs, and the loss of a batch.
struct LossKind {
  const char* name;
  const char* help;
  bool pairs;
  bool trainsFeature;
  bool trainsFlow;
  Loss (*compute)(TrainedNets&, const Batch&, const StageOptions&);
};

/// The row called `name`; throws UsageError naming the known ones.
const LossKind& findLoss(const std::string& name);

}  // namespace dff
