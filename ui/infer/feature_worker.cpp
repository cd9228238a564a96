#include <cmath>

#include "core/base/error.h"
#include "core/model/find_model.h"
#include "ui/infer/inference_state.h"
#include "ui/infer/worker_loop.h"
#include "ui/play/worker_thread.h"

namespace dff::ui {
namespace {

constexpr int64_t kReach = 40;  // frames ahead of the playhead for which key frames are made
constexpr size_t kMostKeysAhead = kMostFeatures - 8;
constexpr int kNice = 6;

/// What the thread does next: load the model, or make the feature of a frame.
struct Task {
  bool load = false;
  FramePtr frame;
  int threads = 1;
  uint64_t modelGeneration = 0;
  Tuning tuning;
};

/// Picks the frames whose features are wanted, the most urgent first; the mutex is held.
class Wanted {
 public:
  explicit Wanted(const InferenceState& state) : s_(state), keys_(state.tuning.keys), focus_(state.focus) {}

  std::optional<int64_t> next() const {
    if (s_.overlayIsDue()) return std::nullopt;  // the cores belong to it
    if (focus_.overlays || focus_.inspect)
      if (const auto key = focus_.playing ? ahead() : firstWanted(named(keys_.keysAround(focus_.frame)))) return key;
    if (focus_.playing) return std::nullopt;
    if (focus_.inspect && wanted(focus_.frame)) return focus_.frame;
    if (!focus_.overlays) return std::nullopt;
    for (int64_t i : {focus_.frame + kNeighbours, focus_.frame - kNeighbours})
      if (const auto key = firstWanted(named(keys_.keysAround(std::max<int64_t>(0, i))))) return key;
    if (const auto sample = s_.nextSample(false)) {
      std::vector<int64_t> frames = named(sample->keys);
      frames.push_back(sample->frame);
      return firstWanted(frames);
    }
    return std::nullopt;
  }

 private:
  bool wanted(int64_t i) const { return s_.inClip(i) && !s_.features.count(i) && s_.ring.has(i); }

  std::optional<int64_t> firstWanted(const std::vector<int64_t>& frames) const {
    for (int64_t i : frames)
      if (wanted(i)) return i;
    return std::nullopt;
  }

  int64_t further(int64_t key) const {
    if (focus_.direction < 0) return key <= focus_.first ? keys_.keyOf(focus_.last) : keys_.keyOf(key - 1);
    const int64_t next = keys_.keyAfter(key);
    return next > focus_.last ? keys_.keyOf(focus_.first) : next;  // round the loop
  }

  /// A key that will be passed before it is made would serve nobody: the one after it is begun instead.
  std::optional<int64_t> ahead() const {
    const bool backward = focus_.direction < 0;
    const int64_t lateBy = int64_t(std::ceil(s_.frameCost(true) / std::max(1.0, focus_.frameMs)));
    const KeysAround here = keys_.keysAround(focus_.frame);
    if (backward)  // the keys that frames of this interval come from besides its own lie behind
      if (const auto key = firstWanted({here.previous, here.next})) return key;
    int64_t key = here.previous;
    const int64_t reach = std::max<int64_t>(kReach, 3 * keys_.interval);
    for (size_t n = 0; n < kMostKeysAhead && std::abs(key - focus_.frame) <= reach; ++n, key = further(key)) {
      const bool passed = backward ? key >= focus_.frame - lateBy : keys_.keyAfter(key) <= focus_.frame + lateBy;
      if (wanted(key) && (!passed || s_.features.empty())) return key;
    }
    return std::nullopt;
  }

  const InferenceState& s_;
  const KeySchedule& keys_;
  const Focus& focus_;
};

std::optional<Task> nextTask(const InferenceState& s) {
  Task task;
  task.modelGeneration = s.modelGeneration;
  task.tuning = s.tuning;
  task.threads = s.threadsForTask();
  task.load = s.packageGeneration != s.modelGeneration;
  if (task.load) return task;
  if (!s.canRun()) return std::nullopt;
  const auto index = Wanted(s).next();
  if (!index) return std::nullopt;
  task.frame = s.ring.get(*index);
  return task;
}

class FeatureWorker {
 public:
  explicit FeatureWorker(InferenceState& state) : s_(state) {}

  void run(const Task& task) {
    const InferenceScope scope(task.threads);
    task.load ? load(task) : make(task);
  }

 private:
  static std::string nameOf(const Tuning& tuning) { return tuning.model + "\n" + tuning.precision; }

  /// An engine has one model and one precision.
  void load(const Task& task) {
    if (loaded_ != nameOf(task.tuning)) {
      package_ = std::make_shared<Package>(loadPackage(findModel(task.tuning.model)));
      EngineOptions options;
      options.precision = task.tuning.precision;
      options.flow = "copy";  // this engine never propagates
      engine_ = std::make_unique<Engine>(*package_, options);
      loaded_ = nameOf(task.tuning);
    }
    std::lock_guard lock(s_.mutex);
    if (task.modelGeneration != s_.modelGeneration) return;
    s_.package = package_;
    s_.packageGeneration = task.modelGeneration;
    s_.precision = engine_->precision();
    s_.remakePainter();
  }

  void make(const Task& task) {
    auto feature = std::make_shared<TimedFeature>();
    feature->key = engine_->makeKey(task.frame, feature->times);
    std::lock_guard lock(s_.mutex);
    if (task.modelGeneration == s_.modelGeneration) s_.keepFeature(task.frame->index, std::move(feature));
  }

  InferenceState& s_;
  std::shared_ptr<const Package> package_;
  std::unique_ptr<Engine> engine_;
  std::string loaded_;
};

}  // namespace

void makeFeatures(InferenceState& state, const std::function<void()>& wake, std::stop_token stop) {
  nameThread("features");
  yieldToTheWindow(kNice);
  FeatureWorker worker(state);
  workUntilStopped(
      state, wake, stop, nextTask, [&](const Task& task) { worker.run(task); },
      [&](const Task& task, const std::exception& e) {
        state.error = e.what();
        state.packageGeneration = task.modelGeneration;
      });
}

}  // namespace dff::ui
