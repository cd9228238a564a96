#include "core/run/plan_keys.h"

#include <opencv2/core.hpp>

namespace dff {
namespace {

EngineOptions asking(const PlannedRun& run) {
  if (run.package.spec.classes.empty())
    fail("the policy margin asks how sure the model is of its classes, and ", run.package.name(), " names none");
  EngineOptions options = run.engine;
  options.propagate = "causal";
  options.tasks = {"seg"};
  options.wantHeat = options.wantTrust = options.wantFeature = false;
  options.wantMargin = true;
  return options;
}

}  // namespace

EngineSureness::EngineSureness(const PlannedRun& run, const JobContext& job)
    : run_(run), job_(job), scope_(run.threads), engine_(run.package, asking(run), job) {}

FramePtr EngineSureness::frameAt(int64_t index) const {
  FramePtr frame = run_.frameOf(index);
  if (!frame) fail("frame ", index, " cannot be decoded, so the policy margin cannot ask the model about it");
  return frame;
}

double EngineSureness::meanMargin(const Result& result) const {
  const cv::Size2f grid = result.gridInFrame;
  const cv::Rect picture(0, 0, std::max(1, int(grid.width)), std::max(1, int(grid.height)));
  return cv::mean(result.margin(picture & cv::Rect({}, result.margin.size())))[0];
}

double EngineSureness::marginFall(int64_t frame, int64_t key) {
  job_.checkStop();
  if (!key_ || key_->input.frame->index != key) {
    StageTimes times;
    key_ = engine_.makeKey(frameAt(key), times);
    keyMargin_ = meanMargin(engine_.resultOfKey(*key_, times));
  }
  job_.progress(++asked_, 0, "asking the model where it needs key frames");
  return keyMargin_ - meanMargin(engine_.propagate(frameAt(frame), key_));
}

KeyPlacement planKeys(const std::vector<PlanFrame>& frames, const PolicyOptions& options, const PlannedRun& run,
                      const JobContext& job) {
  PlanContext context{run.pins, findPropagator(run.engine.propagate).readsAhead(), nullptr};
  std::optional<EngineSureness> sureness;
  if (findPolicy(options.policy).asksModel) context.sureness = &sureness.emplace(run, job);
  return placeKeys(frames, options, context);
}

}  // namespace dff
