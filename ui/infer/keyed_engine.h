#pragma once
#include <array>
#include <map>

#include "ui/infer/inference_state.h"

namespace dff::ui {

/// An engine with its own view of the key features: what is noted with a key (a flow source's code of it) belongs to
/// one engine, the features are taken as they are. Blended keys are made once and kept while their features are.
class KeyedEngine {
 public:
  explicit KeyedEngine(const FrameRing& frames) : frames_(frames) {}

  /// To be called before the others, with what they are to be computed with; `clip` is another number for other frames.
  void prepare(const std::shared_ptr<const Package>& package, const EngineOptions& options, uint64_t clip);

  /// The frame from its keys; `blends`: these are blended with their neighbours first. `wants`: see Engine::want.
  Result result(const FramePtr& frame, const FeaturesAround& from, bool blends, const EngineOptions& wants);
  /// What the heavy network alone says of a frame.
  Result ofItself(const TimedFeaturePtr& own, const EngineOptions& wants);

 private:
  struct Blended {
    KeyPtr key;
    StageTimes times;  ///< of the feature and of blending it
  };
  struct View {
    std::weak_ptr<const TimedFeature> of;
    KeyPtr key;
  };
  using Three = std::array<int64_t, 3>;
  KeyPtr viewOf(const TimedFeaturePtr& feature);
  Blended blended(const TimedFeaturePtr& before, const TimedFeaturePtr& key, const TimedFeaturePtr& after);
  void forgetWhatIsGone();

  const FrameRing& frames_;
  std::unique_ptr<Engine> engine_;
  std::shared_ptr<const Package> package_;
  EngineOptions options_;
  uint64_t clip_ = 0;
  std::map<int64_t, View> views_;
  std::map<Three, Blended> blended_;
};

}  // namespace dff::ui
