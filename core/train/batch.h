#pragma once
#include <torch/torch.h>

#include <memory>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/motion/simulated_motion.h"
#include "core/train/train_options.h"

namespace dff {

/// What one optimiser step sees. Undefined tensors belong to losses that do not ask for them.
struct Batch {
  torch::Tensor cur;                            ///< [N,3,H,W] float, normalised
  torch::Tensor labels;                         ///< [N,H,W] int64, kIgnore where nothing is known
  torch::Tensor key;                            ///< as cur
  torch::Tensor keyFromCur;                     ///< [N,2,h,w] in feature cells: the exact flow, averaged over each cell
  torch::Tensor valid;                          ///< [N,1,h,w] 0..1, share of the cell's pixels whose flow is known
  std::vector<std::vector<LabelledBox>> boxes;  ///< of each current picture, classes as the model has them
  uint64_t seed = 0;                            ///< for what a loss draws at random
};

/// Labelled frames kept in memory, and the batches made of them; pairs are made by simulated motion. Batch `step`
/// depends on the seed and the step alone, so that a resumed training sees what an uninterrupted one would have seen.
class BatchSource {
 public:
  /// Throws Error when the model detects and the data know of no object.
  BatchSource(const TrainConfig& config, const std::vector<std::unique_ptr<Dataset>>& data);

  Batch make(const StageOptions& stage, int64_t stageIndex, int64_t step, bool pairs) const;
  int64_t size() const { return int64_t(stills_.size()); }

  /// Loss weight of each class: the square root of (median frequency / frequency).
  std::vector<float> classWeights() const;

 private:
  void addBoxes(const Dataset& set, int64_t index);
  std::vector<LabelledBox> boxesOfMotion(const MotionPair& pair) const;
  Example example(const StageOptions& stage, int64_t index, uint64_t seed, bool pairs) const;

  uint64_t seed_;
  InputSpec input_;
  int stride_, classes_;
  std::optional<DetectionSpec> detection_;
  std::vector<LabelledImage> stills_;
  std::vector<std::vector<LabelledBox>> boxes_;  // of each still, where the model detects
};

/// A picture as the networks see it, without resizing: [1,3,H,W] float, (value - mean) / std.
torch::Tensor normalised(const cv::Mat& rgb, const InputSpec& input);

}  // namespace dff
