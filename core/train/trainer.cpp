#include "core/train/trainer.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <fstream>
#include <thread>

#include "core/base/file.h"
#include "core/data/loader.h"
#include "core/model/package.h"
#include "core/model/weights.h"
#include "core/train/checkpoint.h"
#include "core/train/optimization.h"
#include "core/train/training_report.h"
#include "core/train/validation.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kCheckpointEvery = std::chrono::minutes(3);
constexpr auto kReportEvery = std::chrono::seconds(10);
constexpr int kLogEvery = 20;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// The tensors of one part of a model, by their names within it.
TensorFile partOf(const TensorFile& file, const std::string& part) {
  TensorFile only;
  for (const auto& [name, tensor] : file.tensors)
    if (name.rfind(part, 0) == 0) only.tensors.emplace(name.substr(part.size()), tensor);
  return only;
}

/// Whether a stage changes the feature network (with the heads), and the flow network: its loss asks, `freeze` forbids.
bool trainsFeature(const StageOptions& stage) {
  return findLoss(stage.loss).trainsFeature && stage.freeze != "feature";
}
bool trainsFlow(const StageOptions& stage) { return findLoss(stage.loss).trainsFlow && stage.freeze != "flow"; }

/// What a stage costs, in pixels that go through a network.
double workOf(const StageOptions& s, int64_t steps) {
  return double(steps) * s.batch * s.augment.width * s.augment.height * (findLoss(s.loss).pairs ? 2 : 1);
}

/// One training, from its configuration to its packages.
class Training {
 public:
  Training(const TrainOptions& options, const JobContext& job)
      : options_(options),
        job_(job),
        config_(readTrainConfig(options.config)),
        bfloat16_(useBfloat16(config_.precision)) {
    requireSomethingToTrain();
    fs::create_directories(options.output);
    std::vector<std::unique_ptr<Dataset>> data;
    for (const auto& name : config_.data) data.push_back(openDataset(rooted(name)));
    if (!config_.validation.empty()) validation_ = openDataset(rooted(config_.validation));
    torch::manual_seed(config_.seed);
    for (const auto& set : data)
      for (const auto& warning : set->warnings()) job.warn(warning);
    if (validation_)
      for (const auto& warning : validation_->warnings()) job.warn(warning);
    source_ = std::make_unique<BatchSource>(config_, std::move(data));
    nets_ = std::make_shared<TrainedNets>(config_.model, source_->classWeights());
    start();
    toChannelsLast(*nets_);
  }

  TrainReport run() try {
    for (; state_.stage < int64_t(config_.stages.size()); ++state_.stage, state_.step = 0)
      runStage(config_.stages[state_.stage]);
    showStand("finished");
    report_.best = state_.best;
    report_.package = (fs::path(options_.output) / (validation_ ? "best" : "last")).string();
    return report_;
  } catch (const Error& e) {
    showStand(text("stopped: ", e.what()));
    throw;
  }

 private:
  /// "kind:path" with the path below the data root.
  std::string rooted(const std::string& kindAndPath) const {
    const auto colon = kindAndPath.find(':');
    if (colon == std::string::npos) return kindAndPath;
    return kindAndPath.substr(0, colon + 1) + (fs::path(options_.dataRoot) / kindAndPath.substr(colon + 1)).string();
  }

  fs::path weightsOf(const std::string& package) const {
    return fs::path(options_.config).parent_path() / package / "weights.safetensors";
  }

  void requireSomethingToTrain() const {
    for (const auto& stage : config_.stages)
      if (!trainsFeature(stage) && !trainsFlow(stage))
        fail(options_.config, ": stage \"", stage.name, "\" trains nothing: its loss \"", stage.loss,
             "\" is for what \"freeze\" leaves alone");
  }

  fs::path checkpointPath() const { return fs::path(options_.output) / "checkpoint.safetensors"; }

  void start() {
    if (options_.resume && fs::exists(checkpointPath())) {
      resumed_ = std::make_unique<CheckpointReader>(checkpointPath(), config_.source.dump());
      state_ = resumed_->restore(*nets_);
      job_.log(text("resumed at stage ", state_.stage + 1, ", step ", state_.step));
      return;
    }
    if (!config_.initFrom.empty()) takeStart();
    if (!config_.flowFrom.empty()) {
      const fs::path weights = weightsOf(config_.flowFrom);
      copyInto(*nets_->model->flow, partOf(readSafetensors(weights), "flow."), /*allowMissing=*/false,
               weights.string() + ": flow network");
    }
    for (const auto& [name, tensor] : namedTensors(*nets_->model))
      state_.averaged.emplace(name, tensor.detach().clone());
  }

  void takeStart() {
    std::vector<std::string> names = {weightsOf(config_.initFrom).string()};
    for (const auto& package : config_.initMean) names.push_back(weightsOf(package).string());
    std::vector<TensorFile> files;
    for (const auto& name : names) files.push_back(readSafetensors(name));
    const int copied = copyInto(*nets_->model, meanOf(files, names), /*allowMissing=*/true, names[0]);
    if (copied == 0) fail(names[0], " has no tensor that fits this architecture");
    job_.log(text(copied, " tensors taken from ", names[0], names.size() > 1 ? " and its mean with others" : ""));
  }

  void freeze(const StageOptions& stage) {
    for (auto& p : nets_->parameters()) p.set_requires_grad(trainsFeature(stage));
    for (auto& p : nets_->model->flow->parameters()) p.set_requires_grad(trainsFlow(stage));
    nets_->frozen = trainsFeature(stage) ? nullptr : forInference(*nets_->model, bfloat16_);
  }

  /// What is frozen keeps its batch statistics too.
  void setTrainingMode(const StageOptions& stage) {
    nets_->train(trainsFeature(stage));
    nets_->model->flow->train(trainsFlow(stage));
  }

  std::vector<torch::Tensor> trained() const {
    std::vector<torch::Tensor> parameters;
    for (const auto& p : nets_->parameters())
      if (p.requires_grad()) parameters.push_back(p);
    return parameters;
  }

  void runStage(const StageOptions& stage) {
    const LossKind& loss = findLoss(stage.loss);
    freeze(stage);
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
    firstStep_ = state_.step;
    while (state_.step < stage.steps) {
      step(stage, loss, loader.next());
      ++state_.step;
      afterStep(stage);
    }
    saveCheckpoint(checkpointPath(), *nets_, state_, *optimizer_, config_.source.dump());
  }

  void step(const StageOptions& stage, const LossKind& kind, const Batch& batch) {
    setTrainingMode(stage);
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
    if (!std::isfinite(torch::nn::utils::clip_grad_norm_(trained(), 5.0)))
      fail("the gradient is no longer finite at stage \"", stage.name, "\", step ", state_.step,
           "; the last checkpoint is intact: lower lr and resume");
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

  double stepsPerSecond() const { return double(state_.step - firstStep_) / std::max(1e-3, secondsSince(stageStart_)); }

  double secondsLeft() const {
    double work = 0;
    for (size_t i = size_t(state_.stage); i < config_.stages.size(); ++i)
      work += workOf(config_.stages[i], config_.stages[i].steps - (i == size_t(state_.stage) ? state_.step : 0));
    const double perSecond = workOf(config_.stages[size_t(state_.stage)], 1) * stepsPerSecond();
    return perSecond > 0 ? work / perSecond : 0;
  }

  /// The page is for looking only: a training does not end because it cannot be written.
  void showStand(const std::string& state) try {
    const auto last = std::min(size_t(state_.stage), config_.stages.size() - 1);
    const StageOptions& stage = config_.stages[last];
    const bool running = state == "running";
    writeTrainingReport(options_.output,
                        {config_.name, state, stage.name, int64_t(last) + 1, int64_t(config_.stages.size()),
                         size_t(state_.stage) == last ? state_.step : stage.steps, stage.steps,
                         running ? stepsPerSecond() : 0, running ? secondsLeft() : 0});
    lastReport_ = Clock::now();
  } catch (const Error& e) {
    job_.warn(e.what());
  }

  void afterStep(const StageOptions& stage) {
    job_.progress(state_.step, stage.steps,
                  text(stage.name, ": loss ", report_.lastLoss, ", ", stepsPerSecond() * stage.batch, " examples/s"));
    if (Clock::now() - lastReport_ > kReportEvery) showStand("running");
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
    const auto measured =
        toJson(validateModel(averaged, config_.precision, *validation_, stage.maxGap, findLoss(stage.loss).pairs));
    nlohmann::json row = {{"stage", stage.name}, {"step", state_.step}, {"seconds", secondsSince(stageStart_)}};
    row.update(measured);
    writeLog(row);
    job_.log("validation: " + measured.dump());
    if (measured["score"] <= state_.best) return;
    state_.best = measured["score"];
    manifest["measured"] = {{"validation", measured}};
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
  int64_t firstStep_ = 0;  // of the stage in this run
  Clock::time_point stageStart_, lastCheckpoint_, lastReport_;
};

}  // namespace

TrainReport train(const TrainOptions& options, const JobContext& job) {
  at::set_num_threads(options.threads > 0 ? options.threads : int(std::thread::hardware_concurrency()));
  return Training(options, job).run();
}

}  // namespace dff
