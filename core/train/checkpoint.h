#pragma once
#include <torch/torch.h>

#include <filesystem>
#include <map>
#include <string>

#include "core/train/losses.h"

namespace dff {

/// Where a training stands. `steps` counts within the stage.
struct TrainState {
  int64_t stage = 0;
  int64_t step = 0;
  int64_t total = 0;                              ///< steps of all stages
  double best = -1;                               ///< highest validation score so far
  std::map<std::string, torch::Tensor> averaged;  ///< exponential moving average of every tensor of the model
};

/// Writes everything that exact resumption needs into one file, atomically: a full disk leaves the last one whole.
void saveCheckpoint(const std::filesystem::path& path, const TrainedNets& nets, const TrainState& state,
                    const torch::optim::Optimizer& optimizer, const std::string& config);

/// Restores it; throws Error when the file is damaged or belongs to another configuration or architecture.
/// The optimiser is restored only where the checkpoint was made inside a stage (`state.step` > 0).
class CheckpointReader {
 public:
  CheckpointReader(const std::filesystem::path& path, const std::string& config);
  TrainState restore(TrainedNets& nets) const;
  void restore(torch::optim::Optimizer& optimizer) const;

 private:
  std::filesystem::path path_;
  std::map<std::string, at::Tensor> tensors_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace dff
