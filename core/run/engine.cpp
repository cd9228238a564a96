#include "core/run/engine.h"

#include <torch/torch.h>

#include <cstdio>
#include <thread>

#include "core/base/error.h"
#include "core/flow/trust.h"
#include "core/model/dff_model.h"

namespace dff {
namespace {

bool chooseBfloat16(const std::string& precision, const JobContext& job) {
  if (precision != "auto" && precision != "fp32" && precision != "bf16")
    throw UsageError("unknown precision \"" + precision + "\"; known: auto, fp32, bf16");
  const bool native = __builtin_cpu_supports("avx512bf16");
  const bool chosen = precision == "bf16" || (precision == "auto" && native);
  job.log(text("precision ", chosen ? "bf16" : "fp32", ": asked for ", precision, ", the processor ",
               native ? "multiplies" : "does not multiply", " bfloat16"));
  return chosen;
}

void checkDevice(const std::string& device) {
  if (device == "auto" || device == "cpu") return;
  if (device.rfind("cuda", 0) != 0) throw UsageError("unknown device \"" + device + "\"; known: auto, cpu, cuda:N");
  if (!torch::cuda::is_available())
    fail("device ", device, " was asked for, but this LibTorch has no CUDA device; use --device cpu");
}

cv::Size parseSize(const std::string& size) {
  if (size.empty()) return {};
  int width = 0, height = 0, used = 0;
  if (std::sscanf(size.c_str(), "%dx%d%n", &width, &height, &used) != 2 || used != int(size.size()) || width < 16 ||
      height < 16 || width > 8192 || height > 8192)
    throw UsageError("size \"" + size + "\" is not WIDTHxHEIGHT with sides from 16 to 8192");
  return {width, height};
}

/// Convolutions are given what they compute in; everything after them stays in float32.
void toBfloat16(FeatureNet& net) {
  torch::NoGradGuard guard;
  net->to(torch::kBFloat16);
}

cv::Mat meanActivation(const at::Tensor& feature) {
  const auto mean = feature.abs().mean(1).contiguous();
  return cv::Mat(int(mean.size(1)), int(mean.size(2)), CV_32F, mean.data_ptr()).clone();
}

cv::Mat featureMat(const at::Tensor& feature) {
  const auto planes = feature.contiguous(at::MemoryFormat::Contiguous);
  const int sizes[] = {int(planes.size(1)), int(planes.size(2)), int(planes.size(3))};
  return cv::Mat(3, sizes, CV_32F, planes.data_ptr()).clone();
}

cv::Mat flowMat(const at::Tensor& keyFromCur) {
  const auto flow = keyFromCur[0].permute({1, 2, 0}).contiguous();
  return cv::Mat(int(flow.size(0)), int(flow.size(1)), CV_32FC2, flow.data_ptr()).clone();
}

}  // namespace

Engine::Engine(const Package& package, EngineOptions options, const JobContext& job)
    : options_(std::move(options)),
      model_(package.model),
      spec_(package.spec),
      bfloat16_(chooseBfloat16(options_.precision, job)),
      fixedSize_(parseSize(options_.size)),
      flow_(makeFlowSource(options_.flow, model_)),
      propagate_(findPropagator(options_.propagate)),
      tasks_(makeTasks(model_)) {
  checkDevice(options_.device);
  if (bfloat16_) toBfloat16(model_->feature);
}

NetInput Engine::prepare(const FramePtr& frame, StageTimes& times) const {
  StageTimer timer(times, Stage::Prepare);
  const cv::Size size = fixedSize_.empty() ? networkSize(frame->rgb.size(), spec_.input) : fixedSize_;
  return netInput(frame, size, spec_);
}

KeyFeature Engine::makeKey(const FramePtr& frame, StageTimes& times) {
  KeyFeature key{prepare(frame, times), {}};
  StageTimer timer(times, Stage::Features);
  const auto input = bfloat16_ ? key.input.pixels.to(torch::kBFloat16) : key.input.pixels;
  key.feature = model_->feature(input).to(torch::kFloat).contiguous(at::MemoryFormat::ChannelsLast);
  return key;
}

void Engine::setKey(const KeyFeature& key) {
  key_ = key;
  flow_->setKey(key_.input);
}

void Engine::runTasks(const at::Tensor& feature, const NetInput& input, Result& result) {
  for (auto& task : tasks_) task->run(feature, input, result);
  result.gridInFrame = input.grid;
  if (options_.wantHeat) result.heat = meanActivation(feature);
  if (options_.wantFeature) result.feature = featureMat(feature);
}

Result Engine::resultOfKey(StageTimes times) {
  Result result;
  result.frame = key_.input.frame;
  result.isKey = true;
  result.keyFrame = result.frame->index;
  result.times = times;
  runTasks(key_.feature, key_.input, result);
  return result;
}

Result Engine::propagate(const FramePtr& frame) {
  Result result;
  result.frame = frame;
  result.keyFrame = key_.input.frame->index;
  const NetInput input = prepare(frame, result.times);
  FlowEstimate estimate;
  {
    StageTimer timer(result.times, Stage::Flow);
    estimate = flow_->estimate(input);
  }
  at::Tensor feature;
  {
    StageTimer timer(result.times, Stage::Warp);
    feature = propagate_(key_.feature, estimate);
  }
  runTasks(feature, input, result);
  if (estimate.keyFromCur.defined()) result.keyFromCur = flowMat(estimate.keyFromCur);
  if (options_.wantTrust && estimate.keyFromCur.defined())
    result.trust = trustMap(key_.input, input, estimate.keyFromCur);
  return result;
}

Result Engine::step(const FramePtr& frame, KeyDecision decision) {
  if (key_.feature.defined() && !decision.isKey) return propagate(frame);
  StageTimes times;
  setKey(makeKey(frame, times));
  return resultOfKey(times);
}

struct InferenceScope::Guard {
  c10::InferenceMode mode;
};

InferenceScope::InferenceScope(int threads) : guard_(std::make_unique<Guard>()) {
  at::set_num_threads(threads > 0 ? threads : int(std::thread::hardware_concurrency()));
}

InferenceScope::~InferenceScope() = default;

}  // namespace dff
