#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/base/fields.h"
#include "core/base/job.h"
#include "core/flow/flow_source.h"
#include "core/flow/propagator.h"
#include "core/model/package.h"
#include "core/schedule/key_plan.h"
#include "core/task/task.h"

namespace dff {

/// How a model is run.
struct EngineOptions {
  std::string flow = "flownet";
  std::string propagate = "causal";
  std::string precision = "auto";  ///< auto, fp32 or bf16
  std::string device = "auto";     ///< auto or cpu (cuda:N where LibTorch has CUDA)
  std::string size;                ///< network input "WxH"; empty: what the model says
  bool wantHeat = false;           ///< fill Result::heat
  bool wantTrust = false;          ///< fill Result::trust
  bool wantFeature = false;        ///< fill Result::feature
};
template <class V>
void fields(EngineOptions& o, V&& v) {
  v("flow", o.flow, "where motion comes from");
  v("propagate", o.propagate, "how features travel from key frames to the others");
  v("precision", o.precision, "auto, fp32 or bf16");
  v("device", o.device, "auto, cpu or cuda:N");
  v("size", o.size, "network input as WxH; by default what the model says");
}

/// What a key frame leaves behind for the frames that follow it.
struct KeyFeature {
  NetInput input;
  at::Tensor feature;  ///< [1,C,h,w] float
};

/// Deep Feature Flow, frame by frame. Plain and synchronous; knows no threads. The thread that calls it opens an
/// InferenceScope. All frames of a run have one size.
class Engine {
 public:
  /// Throws UsageError for unknown names, Error where the machine lacks what was asked for.
  Engine(const Package& package, EngineOptions options, const JobContext& job = {});

  /// The next frame of a run. The first frame is a key whatever the decision says.
  Result step(const FramePtr& frame, KeyDecision decision);

  /// The parts of step(), for evaluation: a frame through the feature network, ...
  KeyFeature makeKey(const FramePtr& frame, StageTimes& times);
  /// ... as the key of the frames that follow, ...
  void setKey(const KeyFeature& key);
  /// ... a frame propagated from the key, and the result of the key frame itself.
  Result propagate(const FramePtr& frame);
  Result resultOfKey(StageTimes times);

  const ModelSpec& spec() const { return spec_; }
  const EngineOptions& options() const { return options_; }
  bool bfloat16() const { return bfloat16_; }  ///< whether convolutions compute in it

 private:
  NetInput prepare(const FramePtr& frame, StageTimes& times) const;
  void runTasks(const at::Tensor& feature, const NetInput& input, Result& result);

  EngineOptions options_;
  ModelPtr model_;
  ModelSpec spec_;
  bool bfloat16_;
  cv::Size fixedSize_;  // empty: by the model
  std::unique_ptr<FlowSource> flow_;
  Propagate propagate_;
  std::vector<std::unique_ptr<Task>> tasks_;
  KeyFeature key_;
};

/// What a thread opens around its use of an Engine: no gradients, and this many threads for the networks (0: one a
/// core).
class InferenceScope {
 public:
  explicit InferenceScope(int threads);
  ~InferenceScope();

 private:
  struct Guard;
  std::unique_ptr<Guard> guard_;
};

}  // namespace dff
