#pragma once
#include <condition_variable>
#include <list>
#include <map>
#include <mutex>
#include <optional>

#include "core/run/engine.h"
#include "ui/infer/inference.h"

namespace dff::ui {

/// Features that are kept: those of four intervals ahead, and of samples.
inline constexpr size_t kMostFeatures = 28;
/// Frames to both sides of the one on screen that are made ready while paused.
inline constexpr int64_t kNeighbours = 5;

/// Threads of the networks in each of the two workers while both are at work: together as many as there are cores, for
/// more of them would wait for each other.
int networkThreads();

/// A feature map with what it took.
struct TimedFeature {
  KeyPtr key;
  StageTimes times;
};
using TimedFeaturePtr = std::shared_ptr<const TimedFeature>;

/// The features of KeysAround; null where it names none.
struct FeaturesAround {
  TimedFeaturePtr before, previous, next, after;
};

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
  Precision precision = Precision::Float32;
  std::shared_ptr<const OverlayPainter> painter;
  std::map<int64_t, TimedFeaturePtr> features;  ///< as the network gave them, by frame
  std::map<int64_t, OverlaidPtr> results;
  size_t resultBytes = 0;
  std::vector<FrameNote> notes;
  CostMeter costs;
  Agreement agreement;
  InspectionPtr inspection;
  uint64_t inspectionGeneration = 0;
  std::string error;
  int busy = 0;  ///< workers that have a task

  // Of both workers, with the mutex held.
  bool canRun() const { return clip && package && packageGeneration == modelGeneration && error.empty(); }
  TimedFeaturePtr feature(int64_t index) const;
  /// nullopt: one of them is not there.
  std::optional<FeaturesAround> featuresOf(const KeysAround& keys) const;
  /// Threads of the networks for one more task: all cores, unless both workers are to share them.
  int threadsForTask() const { return busy > 0 || focus.playing ? networkThreads() : 0; }
  /// While paused: the frame on screen has no overlay yet, and could have one, if only a rough one.
  bool overlayIsDue() const;
  bool inClip(int64_t index) const { return index >= 0 && index < clip->frames(); }
  /// What a task that was begun for these keys found out is still wanted.
  bool stillWanted(uint64_t taskGeneration, int64_t frame, const KeysAround& keys) const;
  bool inspectionIsRight() const;
  /// A frame, as the run at `interval` would have it, for which agreement has not been sampled.
  struct Sample {
    int64_t frame;
    int interval;  ///< or kPlanned
    KeysAround keys;
  };
  /// `ready`: all features of the sample are there; otherwise the frames are, of which features can be made.
  std::optional<Sample> nextSample(bool ready) const;
  double frameCost(bool key) const;
  void remakePainter();
  void dropResults();
  /// Drops what other keys than before are wanted for.
  void dropStale(const KeySchedule& before);
  void keepFeature(int64_t index, TimedFeaturePtr feature);
  void keepResult(int64_t index, OverlaidPtr result);

 private:
  std::optional<Sample> sampleAt(int interval, int round, bool ready) const;
  bool canSample(const Sample& sample, bool ready) const;
  void forgetNotes(const KeySchedule& before);

  std::list<int64_t> made_;  // frames of the features, the oldest first
};

/// How engines are made for it.
EngineOptions engineOptions(const Tuning& tuning);

/// The life of the thread that loads models and makes features.
void makeFeatures(InferenceState& state, const std::function<void()>& wake, std::stop_token stop);
/// The life of the thread that propagates, draws, compares and samples.
void propagateFrames(InferenceState& state, const std::function<void()>& wake, std::stop_token stop);

}  // namespace dff::ui
