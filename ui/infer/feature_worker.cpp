#include <cmath>

#include "core/base/error.h"
#include "core/model/find_model.h"
#include "ui/infer/inference_state.h"

namespace dff::ui {
namespace {

constexpr int64_t kReach = 40;  // frames ahead of the playhead for which key frames are made
constexpr int kNice = 6;

/// What the thread does next: load the model, or make the feature of a frame.
struct Task {
  bool load = false;
  FramePtr frame;
  uint64_t modelGeneration = 0;
  Tuning tuning;
};

/// Picks the frames whose features are wanted, the most urgent first; the mutex is held.
class Wanted {
 public:
  explicit Wanted(const InferenceState& state) : s_(state), keys_(state.tuning.keys), focus_(state.focus) {}

  std::optional<int64_t> next() const {
    if (focus_.overlays || focus_.inspect)
      if (const auto key = focus_.playing ? ahead() : around()) return key;
    if (focus_.playing) return std::nullopt;
    if (focus_.inspect && wanted(focus_.frame)) return focus_.frame;
    if (!focus_.overlays) return std::nullopt;
    const auto sample = s_.nextSample(false);
    return sample ? std::optional(sample->frame) : std::nullopt;
  }

 private:
  bool wanted(int64_t i) const { return s_.inClip(i) && !s_.features.count(i) && s_.ring.has(i); }

  std::optional<int64_t> around() const {
    for (int64_t key : {keys_.keyOf(focus_.frame), keys_.keyAfter(focus_.frame)})
      if (wanted(key)) return key;
    return std::nullopt;
  }

  /// A key that will be passed before it is made would serve nobody: the one after it is begun instead.
  std::optional<int64_t> ahead() const {
    const int64_t lateBy = int64_t(std::ceil(s_.frameCost(true) / std::max(1.0, focus_.frameMs)));
    int64_t key = keys_.keyOf(focus_.frame);
    for (int64_t i = 0; i < kReach && std::abs(key - focus_.frame) <= kReach; ++i) {
      const bool backward = focus_.direction < 0;
      const bool passed = backward ? key >= focus_.frame - lateBy : keys_.keyAfter(key) <= focus_.frame + lateBy;
      if (wanted(key) && (!passed || s_.features.empty())) return key;
      if (backward && key == 0) break;
      key = backward ? keys_.keyOf(key - 1) : keys_.keyAfter(key);
      if (key > focus_.last) key = keys_.keyOf(focus_.first);  // round the loop
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
    const InferenceScope scope(networkThreads());
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
    s_.bfloat16 = engine_->bfloat16();
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
  yieldToTheWindow(kNice);
  FeatureWorker worker(state);
  while (!stop.stop_requested()) {
    std::optional<Task> task;
    {
      std::unique_lock lock(state.mutex);
      state.changed.wait(lock, stop, [&] { return (task = nextTask(state)).has_value(); });
    }
    if (stop.stop_requested()) return;
    try {
      worker.run(*task);
    } catch (const std::exception& e) {
      std::lock_guard lock(state.mutex);
      state.error = e.what();
      state.packageGeneration = task->modelGeneration;
    }
    state.changed.notify_all();
    wake();
  }
}

}  // namespace dff::ui
