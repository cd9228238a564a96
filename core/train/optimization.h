#pragma once
#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "core/train/train_options.h"

namespace dff {

/// The stage's optimiser over these parameters; throws UsageError for an unknown name.
std::unique_ptr<torch::optim::Optimizer> makeOptimizer(const StageOptions& stage,
                                                       std::vector<torch::Tensor> parameters);

/// The stage's schedule at one of its steps: linear warm-up, polynomial fall.
double learningRate(const StageOptions& stage, int64_t step);
void setLearningRate(torch::optim::Optimizer& optimizer, double lr);

/// "auto" is bfloat16 where the processor multiplies it, else it does not pay. Throws UsageError.
bool useBfloat16(const std::string& precision);

/// Mixed precision for its scope: convolutions in bfloat16, weights and losses in float32.
class AutocastScope {
 public:
  explicit AutocastScope(bool on);
  ~AutocastScope();

 private:
  bool before_;
};

}  // namespace dff
