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

/// Labelled frames and the batches made of them. Where a data set knows the frames before a labelled one in snippets,
/// or has boxes only, the key of a pair is one of those; else pairs are made by simulated motion, which knows the flow
/// too. Frames stay in memory as far as they fit, others are read when they are used. Batch `step` depends on the seed
/// and the step alone, so that a resumed training sees what an uninterrupted one would have seen.
class BatchSource {
 public:
  /// Throws Error when the data and the model do not know the same classes, or the model detects and the data know of
  /// no object.
  BatchSource(const TrainConfig& config, std::vector<std::unique_ptr<Dataset>> data);

  Batch make(const StageOptions& stage, int64_t stageIndex, int64_t step, bool pairs) const;
  int64_t size() const { return int64_t(frames_.size()); }

  /// Loss weight of each class: the square root of (median frequency / frequency).
  std::vector<float> classWeights() const;

 private:
  /// A labelled frame of one of the data sets.
  struct LabelledFrame {
    const Dataset* set;
    int64_t index;
    int64_t still;                   // in stills_; -1: not in memory
    bool realPairs;                  // its key is a frame before it
    std::vector<LabelledBox> boxes;  // where the model detects
  };

  void add(const Dataset& set, const TrainConfig& config);
  void requireFit(const Dataset& set, const TrainConfig& config) const;
  bool takesRealPairs(const Dataset& set, int64_t index) const;
  LabelledImage imageOf(const LabelledFrame& frame) const;
  std::vector<LabelledBox> boxesOfMotion(const MotionPair& pair) const;
  Example realPair(const LabelledFrame& frame, int maxGap, std::mt19937_64& random) const;
  Example simulatedPair(const LabelledFrame& frame, int maxGap, std::mt19937_64& random) const;
  Example example(const StageOptions& stage, int64_t index, uint64_t seed, bool pairs) const;

  uint64_t seed_;
  InputSpec input_;
  int stride_, classes_;
  std::optional<DetectionSpec> detection_;
  std::vector<std::unique_ptr<Dataset>> data_;
  std::vector<LabelledFrame> frames_;
  std::vector<LabelledImage> stills_;
};

/// A picture as the networks see it, without resizing: [1,3,H,W] float, (value - mean) / std.
torch::Tensor normalised(const cv::Mat& rgb, const InputSpec& input);

}  // namespace dff
