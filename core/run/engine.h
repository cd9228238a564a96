#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/base/fields.h"
#include "core/base/job.h"
#include "core/flow/flow_source.h"
#include "core/flow/propagator.h"
#include "core/model/package.h"
#include "core/model/two_stage_net.h"
#include "core/run/precision.h"
#include "core/schedule/key_plan.h"
#include "core/task/task.h"

namespace dff {

/// How a model is run.
struct EngineOptions {
  std::string flow = "auto";
  std::string propagate = "causal";
  bool aggregateKeys = true;       ///< where the propagator blends two keys
  std::string precision = "auto";  ///< auto, fp32, bf16 or int8
  std::string device = "auto";     ///< auto or cpu (cuda:N where LibTorch has CUDA)
  std::vector<std::string> tasks;  ///< what is computed; empty: all that the model can
  std::string split = "auto";      ///< what segmentation carries from keys: auto, feature, logits (TaskOptions)
  std::string size;                ///< network input "WxH"; empty: what the model says
  int spread = 0;                  ///< a key's feature is computed a part a frame and serves this many frames late
  bool wantHeat = false;           ///< fill Result::heat
  int heatChannel = -1;            ///< the channel that Result::heat shows; below 0: the mean of all
  bool wantTrust = false;          ///< fill Result::trust
  bool wantFeature = false;        ///< fill Result::feature
  bool wantMargin = false;         ///< fill Result::margin and classMargin
};
template <class V>
void fields(EngineOptions& o, V&& v) {
  v("flow", o.flow, "where motion comes from: auto (what the model names), or a flow source");
  v("propagate", o.propagate,
    "how features travel from keys to the other frames: causal, two-sided, nearest, copy, clockwork");
  v("aggregate_keys", o.aggregateKeys, "two-sided: blend each key's feature with its neighbour keys' first");
  v("precision", o.precision, "auto, fp32, bf16 or int8");
  v("device", o.device, "auto, cpu or cuda:N");
  v("tasks", o.tasks, "what is computed, a,b,...: seg, boxes; by default all that the model can");
  v("split", o.split, "what segmentation carries from key frames: auto, feature (the paper's), logits (finer)");
  v("size", o.size, "network input as WxH; by default what the model says");
  v("spread", o.spread,
    "compute a key's feature over this many further frames, for steady frame times; till then the key before it "
    "serves. Causal, fp32, less than the interval; 0: at once",
    Bounds{0, 60});
}

/// A frame and what is compared of it with others; made when first asked for, once, and kept with a key.
struct CodedFrame {
  NetInput input;
  FlowCode code;
  at::Tensor cells;  ///< cellPicture(), for trust
};

/// What a key frame leaves behind for the frames around it.
struct KeyFeature : CodedFrame {
  at::Tensor feature;  ///< [1,C,h,w] float
  at::Tensor deep;     ///< of its last stages, where the propagator refreshes the others
  FewTensors carried;  ///< for each task what it reads: the feature, or a map of its own
};
using KeyPtr = std::shared_ptr<KeyFeature>;

/// Deep Feature Flow, frame by frame. Plain and synchronous; knows no threads. The thread that calls it opens an
/// InferenceScope. All frames of a run have one size.
class Engine {
 public:
  /// Throws UsageError for unknown names and flow that does not go with the propagator, Error where the machine lacks
  /// what was asked for.
  Engine(const Package& package, EngineOptions options, const JobContext& job = {});

  /// The next frame of a run, from the previous key alone. The first frame is a key whatever the decision says.
  ///
  /// With `spread` = n > 0 a key is computed in n + 1 parts, one a frame from its own on, and is read from the n-th
  /// frame after it on; its own frame and those between are propagated from the key before it, and are no keys in what
  /// they say. The first frame and one after a scene cut are computed at once. A key that comes while another is
  /// computed ends that one at once. What a frame gives still depends on the frames from its key on alone.
  Result step(const FramePtr& frame, KeyDecision decision);

  /// The parts of a run whose keys are known beforehand: a frame through the feature network, ...
  KeyPtr makeKey(const FramePtr& frame, StageTimes& times);
  /// ... its feature blended with those of the keys before and after it (either may be null), ...
  KeyPtr aggregate(const KeyPtr& key, const KeyPtr& before, const KeyPtr& after, StageTimes& times);
  /// ... the result of the key frame itself, ...
  Result resultOfKey(const KeyFeature& key, StageTimes times);
  /// ... and a frame propagated from the key before it and, where the propagator reads it, the one after it (or null).
  Result propagate(const FramePtr& frame, const KeyPtr& previous, const KeyPtr& next = {});

  /// Where the frames between those that are asked for are found; see FlowSource::setFrames. A FrameRunner sets it
  /// itself.
  void setFrames(FlowSource::FrameOf frameOf) { flow_->setFrames(std::move(frameOf)); }

  /// Whether propagate() wants the next key, and keys that went through aggregate().
  bool readsAhead() const { return propagator_.readsAhead(); }
  bool aggregatesKeys() const { return propagator_.blends() && options_.aggregateKeys; }

  /// What is computed besides the tasks may change from frame to frame: the wants and the heat channel.
  void want(const EngineOptions& wants);

  const ModelSpec& spec() const { return spec_; }
  const EngineOptions& options() const { return options_; }
  Precision precision() const { return precision_; }  ///< that was chosen

 private:
  NetInput prepare(const FramePtr& frame, StageTimes& times) const;
  void fillKey(KeyFeature& key, const FramePtr& frame, StageTimes& times);
  void carry(KeyFeature& key, StageTimes& times);
  void startKey(const KeyPtr& key, StageTimes& times);
  void advanceKey(StageTimes& times);
  Result refreshed(const CodedFrame& cur, StageTimes times, KeyFeature& key);
  Result propagateCoded(CodedFrame& cur, const StageTimes& times, const KeyPtr& previous, const KeyPtr& next);
  /// Whether anything reads the propagated feature itself, not only what tasks carry beside it.
  bool movesFeature(const KeyFeature& key) const;
  KeySide sideOf(CodedFrame& cur, KeyFeature& key, StageTimes& times);
  /// For each task what it reads: `feature`, or `own(task's number)` where the task carries a map of its own.
  template <class Own>
  FewTensors carriedAlong(const KeyFeature& key, const at::Tensor& feature, const Own& own) const;
  void runTasks(const KeyFeature& read, const NetInput& input, Result& result);

  EngineOptions options_;
  ModelSpec spec_;
  Precision precision_;
  ModelPtr model_;
  cv::Size fixedSize_;  // empty: by the model
  std::unique_ptr<FlowSource> flow_;
  const Propagator& propagator_;
  std::unique_ptr<TwoStageNet> stages_;  // where the propagator refreshes
  std::vector<std::unique_ptr<Task>> tasks_;
  KeyPtr key_;     // of step()
  KeyPtr coming_;  // the next one, whose feature is being computed
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
