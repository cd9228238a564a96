#pragma once
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>

#include "core/run/engine.h"
#include "ui/infer/inference.h"

namespace dff::ui {

/// A feature map with what it took.
struct TimedFeature {
  KeyPtr key;
  StageTimes times;
};
using TimedFeaturePtr = std::shared_ptr<const TimedFeature>;

/// What the threads of Inference share; all of it is guarded by the mutex.
struct InferenceState {
  explicit InferenceState(const FrameRing& frames) : ring(frames) {}

  const FrameRing& ring;
  mutable std::mutex mutex;
  std::condition_variable_any changed;

  ClipPtr clip;
  Tuning tuning;
  Focus focus;
  OverlayOptions layers;
  uint64_t generation = 0;       ///< of results: raised by every change of tuning or clip
  uint64_t modelGeneration = 1;  ///< of features: raised by another model, precision or clip
  uint64_t layersVersion = 1;

  std::shared_ptr<const Package> package;
  uint64_t packageGeneration = 0;  ///< the modelGeneration that it was loaded (or failed to load) for
  std::string packageOf;           ///< model and precision that it was loaded with
  bool bfloat16 = false;
  std::shared_ptr<const OverlayPainter> painter;
  std::map<int64_t, TimedFeaturePtr> features;
  std::map<int64_t, OverlaidPtr> results;
  size_t resultBytes = 0;
  std::vector<FrameNote> notes;
  CostMeter costs;
  Agreement agreement;
  InspectionPtr inspection;
  uint64_t inspectionGeneration = 0;
  std::string error;

  // Of both workers, with the mutex held.
  bool canRun() const { return clip && package && packageGeneration == modelGeneration && error.empty(); }
  TimedFeaturePtr feature(int64_t index) const;
  bool inClip(int64_t index) const { return index >= 0 && index < clip->frames(); }
  /// Whether the same scene is seen in both frames, as far as cuts are known.
  bool sameScene(int64_t key, int64_t frame) const;
  /// A frame and a distance from a key frame for which agreement has not been sampled; `ready`: both features are
  /// there, otherwise the key's is and the frame's is wanted.
  struct Sample {
    int64_t frame;
    int distance;
  };
  std::optional<Sample> nextSample(bool ready) const;
  double frameCost(bool key) const;
  void remakePainter();
  void dropResults();
  void keepFeature(int64_t index, TimedFeaturePtr feature);
  void keepResult(int64_t index, OverlaidPtr result);
};

/// Lowers the priority of the calling thread, and of those it will start, so that the window comes first.
void yieldToTheWindow(int nice);

/// Threads of the networks in each of the two workers: together as many as there are cores, for more of them would wait
/// for each other.
int networkThreads();

/// The life of the thread that loads models and makes features.
void makeFeatures(InferenceState& state, const std::function<void()>& wake, std::stop_token stop);
/// The life of the thread that propagates, draws, compares and samples.
void propagateFrames(InferenceState& state, const std::function<void()>& wake, std::stop_token stop);

}  // namespace dff::ui
