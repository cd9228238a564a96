#include "core/train/optimization.h"

#include <ATen/autocast_mode.h>

#include <cmath>

namespace dff {

std::unique_ptr<torch::optim::Optimizer> makeOptimizer(const StageOptions& stage,
                                                       std::vector<torch::Tensor> parameters) {
  if (stage.optimizer == "adamw")
    return std::make_unique<torch::optim::AdamW>(parameters,
                                                 torch::optim::AdamWOptions(stage.lr).weight_decay(stage.weightDecay));
  if (stage.optimizer == "sgd")
    return std::make_unique<torch::optim::SGD>(
        parameters, torch::optim::SGDOptions(stage.lr).momentum(0.9).nesterov(true).weight_decay(stage.weightDecay));
  throw UsageError("unknown optimizer \"" + stage.optimizer + "\"; known: adamw, sgd");
}

void setLearningRate(torch::optim::Optimizer& optimizer, double lr) {
  for (auto& group : optimizer.param_groups()) group.options().set_lr(lr);
}

double learningRate(const StageOptions& s, int64_t step) {
  const double warm = s.warmup > 0 ? std::min(1.0, double(step + 1) / s.warmup) : 1;
  return warm * (s.lrEnd + (s.lr - s.lrEnd) * std::pow(1 - double(step) / s.steps, s.power));
}

bool useBfloat16(const std::string& precision) {
  if (precision == "bf16") return true;
  if (precision == "fp32") return false;
  if (precision != "auto") throw UsageError("unknown precision \"" + precision + "\"; known: auto, fp32, bf16");
  return __builtin_cpu_supports("avx512bf16");
}

AutocastScope::AutocastScope(bool on) : before_(at::autocast::is_cpu_enabled()) {
  at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
  at::autocast::set_cpu_enabled(on);
}

AutocastScope::~AutocastScope() {
  at::autocast::clear_cache();
  at::autocast::set_cpu_enabled(before_);
}

}  // namespace dff
