#include "core/train/trainer.h"

#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>

#include <cmath>
#include <fstream>
#include <thread>

#include "core/base/file.h"
#include "core/data/loader.h"
#include "core/model/package.h"
#include "core/model/weights.h"
#include "core/train/checkpoint.h"
#include "core/train/validation.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kCheckpointEvery = std::chrono::minutes(3);
constexpr int kLogEvery = 20;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

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

/// bfloat16 pays only where the processor multiplies it.
bool useBfloat16(const std::string& precision) {
  if (precision == "bf16") return true;
  if (precision == "fp32") return false;
  if (precision != "auto") throw UsageError("unknown precision \"" + precision + "\"; known: auto, fp32, bf16");
  return __builtin_cpu_supports("avx512bf16");
}

/// Mixed precision for its scope: convolutions in bfloat16, weights and losses in float32.
struct AutocastScope {
  explicit AutocastScope(bool on) : before(at::autocast::is_cpu_enabled()) {
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
    at::autocast::set_cpu_enabled(on);
  }
  ~AutocastScope() {
    at::autocast::clear_cache();
    at::autocast::set_cpu_enabled(before);
  }
  bool before;
};

/// One training, from its configuration to its packages.
class Training {
 public:
  Training(const TrainOptions& options, const JobContext& job)
      : options_(options),
        job_(job),
        config_(readTrainConfig(options.config)),
        bfloat16_(useBfloat16(config_.precision)) {
    fs::create_directories(options.output);
    std::vector<std::unique_ptr<Dataset>> data;
    for (const auto& name : config_.data) data.push_back(openDataset(rooted(name)));
    if (!config_.validation.empty()) validation_ = openDataset(rooted(config_.validation));
    torch::manual_seed(config_.seed);
    for (const auto& set : data)
      for (const auto& warning : set->warnings()) job.warn(warning);
    source_ = std::make_unique<BatchSource>(config_, data);
    nets_ = std::make_shared<TrainedNets>(config_.model, source_->classWeights());
    start();
    toChannelsLast(*nets_);
  }

  TrainReport run() {
    for (; state_.stage < int64_t(config_.stages.size()); ++state_.stage, state_.step = 0)
      runStage(config_.stages[state_.stage]);
    report_.best = state_.best;
    report_.package = (fs::path(options_.output) / (validation_ ? "best" : "last")).string();
    return report_;
  }

 private:
  /// "kind:path" with the path below the data root.
  std::string rooted(const std::string& kindAndPath) const {
    const auto colon = kindAndPath.find(':');
    if (colon == std::string::npos) return kindAndPath;
    return kindAndPath.substr(0, colon + 1) + (fs::path(options_.dataRoot) / kindAndPath.substr(colon + 1)).string();
  }

  fs::path checkpointPath() const { return fs::path(options_.output) / "checkpoint.safetensors"; }

  void start() {
    if (options_.resume && fs::exists(checkpointPath())) {
      resumed_ = std::make_unique<CheckpointReader>(checkpointPath(), config_.source.dump());
      state_ = resumed_->restore(*nets_);
      job_.log(text("resumed at stage ", state_.stage + 1, ", step ", state_.step));
      return;
    }
    if (!config_.initFrom.empty()) {
      const fs::path weights = fs::path(options_.config).parent_path() / config_.initFrom / "weights.safetensors";
      const int copied = copyInto(*nets_->model, readSafetensors(weights), /*allowMissing=*/true, weights.string());
      if (copied == 0) fail(weights.string(), " has no tensor that fits this architecture");
      job_.log(text(copied, " tensors taken from ", weights.string()));
    }
    for (const auto& [name, tensor] : namedTensors(*nets_->model))
      state_.averaged.emplace(name, tensor.detach().clone());
  }

  void freeze(const LossKind& loss) {
    for (auto& p : nets_->parameters()) p.set_requires_grad(loss.trainsFeature);
    for (auto& p : nets_->model->flow->parameters()) p.set_requires_grad(loss.trainsFlow);
  }

  std::vector<torch::Tensor> trained() const {
    std::vector<torch::Tensor> parameters;
    for (const auto& p : nets_->parameters())
      if (p.requires_grad()) parameters.push_back(p);
    return parameters;
  }

  void runStage(const StageOptions& stage) {
    const LossKind& loss = findLoss(stage.loss);
    freeze(loss);
    if (state_.step == 0) state_.best = -1;  // stages differ in what they are judged by
    optimizer_ = makeOptimizer(stage, trained());
    if (resumed_ && state_.step > 0) resumed_->restore(*optimizer_);
    resumed_.reset();
    Loader<Batch> loader(state_.step, [&, pairs = loss.pairs, index = state_.stage](int64_t step) {
      at::set_num_threads(1);  // of this thread: the cores belong to the networks
      torch::NoGradGuard guard;
      return source_->make(stage, index, step, pairs);
    });
    stageStart_ = lastCheckpoint_ = Clock::now();
    for (const int64_t first = state_.step; state_.step < stage.steps;) {
      step(stage, loss, loader.next());
      ++state_.step;
      afterStep(stage, first);
    }
    saveCheckpoint(checkpointPath(), *nets_, state_, *optimizer_, config_.source.dump());
  }

  void step(const StageOptions& stage, const LossKind& kind, const Batch& batch) {
    nets_->train();
    setLearningRate(*optimizer_, learningRate(stage, state_.step));
    optimizer_->zero_grad();
    Loss loss;
    {
      AutocastScope autocast(bfloat16_);
      loss = kind.compute(*nets_, batch, stage);
    }
    report_.lastLoss = loss.total.item<double>();
    if (!std::isfinite(report_.lastLoss))
      fail("the loss is no longer finite at stage \"", stage.name, "\", step ", state_.step,
           "; the last checkpoint is intact: lower lr and resume");
    loss.total.backward();
    torch::nn::utils::clip_grad_norm_(trained(), 5.0);
    optimizer_->step();
    average(stage.ema);
    if (state_.step % kLogEvery == 0) log(stage, loss);
    ++report_.steps;
    ++state_.total;
  }

  void average(double decay) {
    torch::NoGradGuard guard;
    const double reached = std::min(decay, (1.0 + double(state_.total)) / (10.0 + double(state_.total)));
    for (const auto& [name, tensor] : namedTensors(*nets_->model)) state_.averaged.at(name).lerp_(tensor, 1 - reached);
  }

  void log(const StageOptions& stage, const Loss& loss) {
    nlohmann::json row = {{"stage", stage.name},
                          {"step", state_.step},
                          {"loss", report_.lastLoss},
                          {"lr", learningRate(stage, state_.step)}};
    for (const auto& [name, value] : loss.parts) row[name] = value;
    writeLog(row);
  }

  void writeLog(const nlohmann::json& row) const {
    std::ofstream(fs::path(options_.output) / "log.jsonl", std::ios::app) << row.dump() << "\n";
  }

  void afterStep(const StageOptions& stage, int64_t first) {
    const double perSecond = double(state_.step - first) / std::max(1e-3, secondsSince(stageStart_));
    job_.progress(state_.step, stage.steps,
                  text(stage.name, ": loss ", report_.lastLoss, ", ", perSecond * stage.batch, " examples/s"));
    if (state_.step % stage.validateEvery == 0 || state_.step == stage.steps) validate(stage);
    const bool stop = job_.stop.stop_requested();
    if (stop || Clock::now() - lastCheckpoint_ > kCheckpointEvery) {
      saveCheckpoint(checkpointPath(), *nets_, state_, *optimizer_, config_.source.dump());
      lastCheckpoint_ = Clock::now();
    }
    job_.checkStop();
  }

  void validate(const StageOptions& stage) {
    NamedTensors weights(state_.averaged.begin(), state_.averaged.end());
    nlohmann::json manifest = {{"name", config_.name},
                               {"training", config_.source},
                               {"trained_stage", stage.name},
                               {"trained_steps", state_.step}};
    savePackage(fs::path(options_.output) / "last", manifest, config_.model, weights);
    if (!validation_) return;
    const Package averaged = loadPackage(fs::path(options_.output) / "last");
    const Validation score = validateModel(averaged.model, *validation_, stage.maxGap, findLoss(stage.loss).trainsFlow);
    writeLog({{"stage", stage.name},
              {"step", state_.step},
              {"miou", score.miou},
              {"miou_propagated", score.propagated},
              {"seconds", secondsSince(stageStart_)}});
    job_.log(text("validation mIoU ", score.miou, ", propagated ", score.propagated));
    const double value = findLoss(stage.loss).trainsFlow ? score.propagated : score.miou;
    if (value <= state_.best) return;
    state_.best = value;
    manifest["measured"] = {{"validation_miou", score.miou}, {"validation_miou_propagated", score.propagated}};
    savePackage(fs::path(options_.output) / "best", manifest, config_.model, weights);
  }

  const TrainOptions& options_;
  const JobContext& job_;
  TrainConfig config_;
  bool bfloat16_;
  std::unique_ptr<Dataset> validation_;
  std::unique_ptr<BatchSource> source_;
  std::shared_ptr<TrainedNets> nets_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
  std::unique_ptr<CheckpointReader> resumed_;
  TrainState state_;
  TrainReport report_;
  Clock::time_point stageStart_, lastCheckpoint_;
};

}  // namespace

TrainReport train(const TrainOptions& options, const JobContext& job) {
  at::set_num_threads(options.threads > 0 ? options.threads : int(std::thread::hardware_concurrency()));
  return Training(options, job).run();
}

}  // namespace dff
