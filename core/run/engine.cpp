#include "core/run/engine.h"

#include <torch/torch.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "core/base/error.h"
#include "core/flow/trust.h"
#include "core/media/reused_mat.h"
#include "core/model/dff_model.h"

namespace dff {
namespace {

/// A feature network that is a TorchScript module computes as it was exported.
Precision precisionFor(const EngineOptions& options, const ModelSpec& spec, const JobContext& job) {
  std::string word = options.precision;
  if (spec.scriptsFeature() && (word == "bf16" || word == "int8"))
    fail("the feature network is a TorchScript module, which computes as it was exported: leave --precision ", word,
         " out");
  if (spec.scriptsFeature() && word == "auto") word = "fp32";
  return choosePrecision(word, options.spread, Processor::here(), job);
}

/// With the flow source that "auto" stands for.
EngineOptions settled(EngineOptions options, const ModelSpec& spec, const JobContext& job) {
  const std::string flow = chosenFlow(options.flow, spec);
  if (flow != options.flow) job.log(text("flow ", flow, ": the model names it"));
  options.flow = flow;
  return options;
}

void checkDevice(const std::string& device) {
  if (device == "auto" || device == "cpu") return;
  if (device.rfind("cuda", 0) != 0) throw UsageError("unknown device \"" + device + "\"; known: auto, cpu, cuda:N");
  if (!torch::cuda::is_available())
    fail("device ", device, " was asked for, but this LibTorch has no CUDA device; use --device cpu");
}

/// One channel, or the mean activation of all.
cv::Mat heatOf(const at::Tensor& feature, int channel) {
  const auto map = (channel < 0 ? feature.abs().mean(1) : feature.select(1, channel)).contiguous();
  return cv::Mat(int(map.size(1)), int(map.size(2)), CV_32F, map.data_ptr()).clone();
}

void checkHeatChannel(int channel, const ModelSpec& spec) {
  if (channel >= spec.feature.channels)
    throw UsageError(
        text("the feature map has no channel ", channel, ": its channels are 0 to ", spec.feature.channels - 1));
}

cv::Mat cellsMat(const at::Tensor& map) {
  return cv::Mat(int(map.size(2)), int(map.size(3)), CV_32F, map.contiguous().data_ptr()).clone();
}

cv::Mat featureMat(const at::Tensor& feature) {
  const auto planes = feature.contiguous(at::MemoryFormat::Contiguous);
  const int sizes[] = {int(planes.size(1)), int(planes.size(2)), int(planes.size(3))};
  return cv::Mat(3, sizes, CV_32F, planes.data_ptr()).clone();
}

cv::Mat flowMat(const at::Tensor& keyFromCur) {
  const auto flow = keyFromCur.accessor<float, 4>();
  cv::Mat mat = reusedMat({int(flow.size(3)), int(flow.size(2))}, CV_32FC2);
  for (int y = 0; y < mat.rows; ++y)
    for (int x = 0; x < mat.cols; ++x) mat.at<cv::Vec2f>(y, x) = {flow[0][0][y][x], flow[0][1][y][x]};
  return mat;
}

}  // namespace

Engine::Engine(const Package& package, EngineOptions options, const JobContext& job)
    : options_(settled(std::move(options), package.spec, job)),
      spec_(package.spec),
      precision_(precisionFor(options_, spec_, job)),
      model_(networksOf(package, precision_)),
      fixedSize_(options_.size.empty() ? cv::Size() : parseNetworkSize(options_.size)),
      flow_(makeFlowSource(options_.flow, model_)),
      propagator_(findPropagator(options_.propagate)),
      tasks_(makeTasks(model_, {options_.tasks, options_.split})) {
  checkDevice(options_.device);
  want(options_);
  if (propagator_.refreshes && precision_ == Precision::Int8)
    throw UsageError("--precision int8 does not go with --propagate " + options_.propagate + "; use fp32");
  if (propagator_.refreshes) stages_ = std::make_unique<TwoStageNet>(model_);
  if (propagator_.readsAhead() && !flowKnowsMotion(options_.flow))
    throw UsageError("--flow " + options_.flow + " goes with --propagate causal, not " + options_.propagate);
  if ((propagator_.readsAhead() || stages_) && options_.spread > 0)
    throw UsageError("--spread goes with --propagate causal, not " + options_.propagate);
  if (!model_->fused && options_.spread > 0)
    fail("--spread computes the project's own feature networks by parts, and this one is a TorchScript module");
}

void Engine::want(const EngineOptions& wants) {
  checkHeatChannel(wants.heatChannel, spec_);
  options_.wantHeat = wants.wantHeat;
  options_.wantTrust = wants.wantTrust;
  options_.wantFeature = wants.wantFeature;
  options_.wantMargin = wants.wantMargin;
  for (auto& task : tasks_) task->wantMargin(wants.wantMargin);
  options_.heatChannel = wants.heatChannel;
}

NetInput Engine::prepare(const FramePtr& frame, StageTimes& times) const {
  StageTimer timer(times, Stage::Prepare);
  const cv::Size size = fixedSize_.empty() ? networkSize(frame->rgb.size(), spec_.input) : fixedSize_;
  return netInput(frame, size, spec_);
}

KeyPtr Engine::makeKey(const FramePtr& frame, StageTimes& times) {
  const auto key = std::make_shared<KeyFeature>();
  fillKey(*key, frame, times);
  return key;
}

void Engine::fillKey(KeyFeature& key, const FramePtr& frame, StageTimes& times) {
  key.input = prepare(frame, times);
  {
    StageTimer timer(times, Stage::Features);
    auto maps =
        stages_ ? stages_->whole(key.input.pixels) : TwoStageNet::Maps{model_->featureMap(key.input.pixels), {}};
    key.feature = std::move(maps.feature);
    key.deep = std::move(maps.deep);
  }
  carry(key, times);
}

void Engine::carry(KeyFeature& key, StageTimes& times) {
  for (auto& task : tasks_) key.carried.push_back(task->carried(key.feature, times));
}

bool Engine::movesFeature(const KeyFeature& key) const {
  const auto isFeature = [&](const at::Tensor& carried) { return carried.is_same(key.feature); };
  return propagator_.readsAhead() || options_.wantHeat || options_.wantFeature ||
         std::any_of(key.carried.begin(), key.carried.end(), isFeature);
}

KeySide Engine::sideOf(CodedFrame& cur, KeyFeature& key, StageTimes& times) {
  KeySide side{key.feature, {}, {}};
  {
    StageTimer timer(times, Stage::Flow);
    flow_->wantScale(movesFeature(key));
    for (CodedFrame* frame : {&cur, static_cast<CodedFrame*>(&key)})
      if (frame->code.empty()) frame->code = flow_->encode(frame->input);
    side.estimate = flow_->estimate(cur.code, key.code);
  }
  if (!side.estimate.keyFromCur.defined() || !(propagator_.blends() || options_.wantTrust)) return side;
  StageTimer timer(times, Stage::Warp);
  for (CodedFrame* frame : {&cur, static_cast<CodedFrame*>(&key)})
    if (!frame->cells.defined()) frame->cells = cellPicture(frame->input, spec_.input);
  side.trust = trustMap(key.cells, cur.cells, side.estimate.keyFromCur);
  return side;
}

template <class Own>
FewTensors Engine::carriedAlong(const KeyFeature& key, const at::Tensor& feature, const Own& own) const {
  FewTensors maps;
  for (size_t task = 0; task < tasks_.size(); ++task)
    maps.push_back(key.carried[task].is_same(key.feature) ? feature : own(task));
  return maps;
}

KeyPtr Engine::aggregate(const KeyPtr& key, const KeyPtr& before, const KeyPtr& after, StageTimes& times) {
  std::vector<KeyPtr> keys;
  std::vector<KeySide> neighbours;
  for (const auto& neighbour : {before, after})
    if (neighbour) keys.push_back(neighbour), neighbours.push_back(sideOf(*key, *neighbour, times));
  if (neighbours.empty()) return key;
  StageTimer timer(times, Stage::Warp);
  const auto blended = std::make_shared<KeyFeature>(*key);
  blended->feature = aggregated(key->feature, neighbours);
  blended->carried = carriedAlong(*key, blended->feature, [&](size_t task) {
    std::vector<KeySide> finer;
    for (size_t i = 0; i < keys.size(); ++i) finer.push_back(carrying(neighbours[i], keys[i]->carried[task]));
    return aggregated(key->carried[task], finer);
  });
  return blended;
}

void Engine::runTasks(const KeyFeature& read, const NetInput& input, Result& result) {
  for (size_t task = 0; task < tasks_.size(); ++task) tasks_[task]->run(read.carried[task], input, result);
  result.gridInFrame = input.grid;
  if (options_.wantHeat) result.heat = heatOf(read.feature, options_.heatChannel);
  if (options_.wantFeature) result.feature = featureMat(read.feature);
}

Result Engine::resultOfKey(const KeyFeature& key, StageTimes times) {
  Result result;
  result.frame = key.input.frame;
  result.isKey = true;
  result.keyFrame = result.frame->index;
  result.times = times;
  runTasks(key, key.input, result);
  return result;
}

Result Engine::propagate(const FramePtr& frame, const KeyPtr& previous, const KeyPtr& next) {
  StageTimes times;
  CodedFrame cur{prepare(frame, times), {}, {}};
  return propagateCoded(cur, times, previous, next);
}

/// A key that another engine made has its deep stages run when they are first asked for.
Result Engine::refreshed(const CodedFrame& cur, StageTimes times, KeyFeature& key) {
  KeyFeature own;
  own.input = cur.input;
  {
    StageTimer timer(times, Stage::Features);
    if (!key.deep.defined()) key.deep = stages_->whole(key.input.pixels).deep;
    own.feature = stages_->refreshed(cur.input.pixels, key.deep);
  }
  carry(own, times);
  Result result = resultOfKey(own, times);
  result.isKey = false;
  result.keyFrame = key.input.frame->index;
  return result;
}

Result Engine::propagateCoded(CodedFrame& cur, const StageTimes& times, const KeyPtr& previous, const KeyPtr& next) {
  if (stages_) return refreshed(cur, times, *previous);
  Result result;
  result.frame = cur.input.frame;
  result.times = times;
  result.keyFrame = previous->input.frame->index;
  KeySide before{previous->feature, {}, {}}, after;
  if (propagator_.usesFlow) before = sideOf(cur, *previous, result.times);
  if (next && propagator_.readsAhead()) {
    const double length = double(next->input.frame->index - result.keyFrame);
    before.nearness = double(next->input.frame->index - result.frame->index) / length;
    if (propagator_.blends() || before.nearness < 0.5) after = sideOf(cur, *next, result.times);
    after.nearness = 1 - before.nearness;
    if (after.feature.defined()) result.nextKey = next->input.frame->index;
  }
  Propagated propagated;
  KeyFeature read;
  {
    StageTimer timer(result.times, Stage::Warp);
    propagated = movesFeature(*previous) ? propagator_.run(before, after) : Propagated{{}, before.trust};
    read.feature = propagated.feature;
    read.carried = carriedAlong(*previous, read.feature, [&](size_t task) {
      const KeySide finerAfter = after.feature.defined() ? carrying(after, next->carried[task]) : KeySide{};
      return propagator_.run(carrying(before, previous->carried[task]), finerAfter).feature;
    });
  }
  runTasks(read, cur.input, result);
  if (before.estimate.keyFromCur.defined()) result.keyFromCur = flowMat(before.estimate.keyFromCur);
  if (options_.wantTrust && propagated.trust.defined()) result.trust = cellsMat(propagated.trust);
  if (propagated.shareOfNext.defined()) result.shareOfNext = cellsMat(propagated.shareOfNext);
  return result;
}

Result Engine::step(const FramePtr& frame, KeyDecision decision) {
  StageTimes times;
  const bool atOnce = options_.spread == 0 || decision.sceneCut;
  if (!key_ || (decision.isKey && atOnce)) {
    coming_.reset();
    KeyPtr key = std::exchange(key_, {});
    if (!key || key.use_count() > 1) key = std::make_shared<KeyFeature>();
    *key = {};
    fillKey(*key, frame, times);
    key_ = std::move(key);
    return resultOfKey(*key_, times);
  }
  CodedFrame cur;
  KeyPtr own;
  if (decision.isKey)
    startKey(own = std::make_shared<KeyFeature>(CodedFrame{prepare(frame, times), {}, {}}), times);
  else
    cur.input = prepare(frame, times);
  if (coming_) advanceKey(times);
  return propagateCoded(own ? *own : cur, times, key_, {});
}

/// What is left of the key before it is done first.
void Engine::startKey(const KeyPtr& key, StageTimes& times) {
  while (coming_) advanceKey(times);
  coming_ = key;
  StageTimer timer(times, Stage::Features);
  model_->fused->start(key->input.pixels, options_.spread + 1);
}

void Engine::advanceKey(StageTimes& times) {
  {
    StageTimer timer(times, Stage::Features);
    coming_->feature = model_->fused->advance();
  }
  if (!coming_->feature.defined()) return;
  carry(*coming_, times);
  key_ = std::exchange(coming_, {});
}

struct InferenceScope::Guard {
  c10::InferenceMode mode;
};

InferenceScope::InferenceScope(int threads) : guard_(std::make_unique<Guard>()) {
  at::set_num_threads(threads > 0 ? threads : int(std::thread::hardware_concurrency()));
}

InferenceScope::~InferenceScope() = default;

}  // namespace dff
