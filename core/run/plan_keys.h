#pragma once
#include <functional>
#include <optional>

#include "core/run/engine.h"
#include "core/schedule/key_policy.h"

namespace dff {

/// How the frames whose keys are planned will be run.
struct PlannedRun {
  const Package& package;
  EngineOptions engine;
  std::function<FramePtr(int64_t)> frameOf;  ///< a frame by its number, for policies that ask the model
  std::set<int64_t> pins = {};
  int threads = 0;
};

/// placeKeys() with what a run of this kind knows: whether it reads ahead, and the model itself.
KeyPlacement planKeys(const std::vector<PlanFrame>& frames, const PolicyOptions& options, const PlannedRun& run,
                      const JobContext& job);

/// The model asked beforehand, as the plan of a policy needs it: each key through the feature network, each frame
/// propagated from the key alone. Not for several threads.
class EngineSureness : public ModelSureness {
 public:
  /// Throws Error where the model has no classes of pixels.
  EngineSureness(const PlannedRun& run, const JobContext& job);
  double marginFall(int64_t frame, int64_t key) override;

 private:
  double meanMargin(const Result& result) const;
  FramePtr frameAt(int64_t index) const;

  const PlannedRun& run_;
  const JobContext& job_;
  InferenceScope scope_;
  Engine engine_;
  KeyPtr key_;
  double keyMargin_ = 0;
  int64_t asked_ = 0;
};

}  // namespace dff
