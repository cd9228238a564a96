#include <cmath>
#include <opencv2/core.hpp>

#include "ui/infer/inference_state.h"

namespace dff::ui {
namespace {

constexpr int64_t kAhead = 14;      // frames that are propagated before they are due
constexpr int64_t kAround = 5;      // and to both sides while paused
constexpr int64_t kLateReach = 60;  // frames over which an older key may serve
constexpr int kNice = 3;

enum class Work { Frame, Inspect, Sample };

/// What the thread does next; `key` serves `frame`.
struct Task {
  Work work = Work::Frame;
  FramePtr frame;
  TimedFeaturePtr key, own;  ///< own: the frame's own feature, where the work needs it
  bool late = false;
  uint64_t generation = 0;
  Tuning tuning;
  std::shared_ptr<const Package> package;
  std::shared_ptr<const OverlayPainter> painter;
  uint64_t layersVersion = 0;
};

/// Picks what is to be propagated; the mutex is held.
class Wanted {
 public:
  explicit Wanted(const InferenceState& state) : s_(state), focus_(state.focus) {}

  std::optional<Task> next() const {
    if (focus_.overlays)
      if (auto task = focus_.playing ? ahead() : around(0)) return task;
    if (focus_.inspect)
      if (auto task = inspect()) return task;
    if (!focus_.overlays || focus_.playing) return std::nullopt;
    if (auto task = around(kAround)) return task;
    return sample();
  }

 private:
  Task blank(Work work, int64_t frame) const {
    Task task;
    task.work = work;
    task.frame = s_.ring.get(frame);
    task.generation = s_.generation;
    task.tuning = s_.tuning;
    task.package = s_.package;
    task.painter = s_.painter;
    task.layersVersion = s_.layersVersion;
    return task;
  }

  /// The frame from its own key, or, where that is not made yet and `mayBeLate`, from the last one before it.
  std::optional<Task> propagation(int64_t index, bool mayBeLate) const {
    if (!s_.inClip(index) || !s_.ring.has(index)) return std::nullopt;
    const auto found = s_.results.find(index);
    const bool missing = found == s_.results.end(), late = !missing && found->second->late;
    if (!missing && !late) return std::nullopt;
    Task task = blank(Work::Frame, index);
    task.key = s_.feature(s_.tuning.keys.keyOf(index));
    if (task.key) return task;
    if (!missing || !mayBeLate) return std::nullopt;
    auto after = s_.features.upper_bound(index);
    if (after == s_.features.begin()) return std::nullopt;
    const auto& [key, feature] = *std::prev(after);
    if (index - key > kLateReach || !s_.sameScene(key, index)) return std::nullopt;
    task.key = feature;
    task.late = true;
    return task;
  }

  /// Begins with the first frame that can be done before it is due.
  std::optional<Task> ahead() const {
    const double frames = s_.frameCost(false) / std::max(1.0, focus_.frameMs);
    const int64_t lead = s_.results.count(focus_.frame) ? 0 : std::clamp<int64_t>(int64_t(std::ceil(frames)), 0, 8);
    for (int64_t n = lead; n <= kAhead; ++n) {
      int64_t index = focus_.frame + n * focus_.direction;
      if (index > focus_.last) index = focus_.first + (index - focus_.last - 1);
      if (index < focus_.first || index > focus_.last) continue;
      if (auto task = propagation(index, n <= 2 * lead + 2)) return task;
    }
    return std::nullopt;
  }

  std::optional<Task> around(int64_t reach) const {
    if (auto task = propagation(focus_.frame, true)) return task;
    for (int64_t n = 1; n <= reach; ++n)
      for (int64_t index : {focus_.frame + n, focus_.frame - n})
        if (auto task = propagation(index, false)) return task;
    return std::nullopt;
  }

  std::optional<Task> inspect() const {
    const int64_t index = focus_.frame;
    Task task = blank(Work::Inspect, index);
    task.key = s_.feature(s_.tuning.keys.keyOf(index));
    task.own = s_.feature(index);
    const auto& done = s_.inspection;
    const bool fresh = done && s_.inspectionGeneration == s_.generation && done->current->index == index;
    const bool complete = fresh && (!done->recomputed.empty() || !task.own);
    if (!task.frame || !task.key || complete) return std::nullopt;
    return task;
  }

  std::optional<Task> sample() const {
    const auto sample = s_.nextSample(true);
    if (!sample) return std::nullopt;
    Task task = blank(Work::Sample, sample->frame);
    task.own = s_.feature(sample->frame);
    task.key = s_.feature(sample->frame - sample->distance);
    return task;
  }

  const InferenceState& s_;
  const Focus& focus_;
};

std::optional<Task> nextTask(const InferenceState& s) {
  if (!s.canRun() || !s.painter) return std::nullopt;
  return Wanted(s).next();
}

double computingMs(const StageTimes& times) {
  double ms = 0;
  for (Stage stage : {Stage::Prepare, Stage::Features, Stage::Flow, Stage::Warp, Stage::Head, Stage::Post})
    ms += std::max(0.0, times[stage]);
  return ms;
}

FrameNote noteOf(const Result& result) {
  FrameNote note;
  note.ms = float(computingMs(result.times));
  note.key = result.isKey;
  if (result.isKey) note.drift = 0;
  if (!result.trust.empty()) note.drift = float(std::max(0.0, 1 - cv::mean(result.trust)[0]));
  return note;
}

class PropagationWorker {
 public:
  explicit PropagationWorker(InferenceState& state) : s_(state) {}

  void run(const Task& task) {
    const InferenceScope scope(networkThreads());
    if (task.work == Work::Frame) propagate(task);
    if (task.work == Work::Inspect) inspect(task);
    if (task.work == Work::Sample) sample(task);
  }

 private:
  /// An engine and its own view of the key: what flow sources note with a key belongs to one of them. The engine takes
  /// features as they are.
  struct Runner {
    std::unique_ptr<Engine> engine;
    uint64_t generation = 0;
    TimedFeaturePtr of;
    KeyPtr key;

    Engine& with(const Task& task, const TimedFeaturePtr& wanted, bool wantFeature) {
      if (!engine || generation != task.generation) {
        EngineOptions options;
        options.flow = task.tuning.flow;
        options.propagate = task.tuning.propagate;
        options.precision = task.tuning.precision;
        options.wantHeat = task.tuning.heat && !wantFeature;
        options.wantTrust = !wantFeature;
        options.wantFeature = wantFeature;
        engine = std::make_unique<Engine>(*task.package, options);
        generation = task.generation;
        of = nullptr;
      }
      if (of != wanted) {
        of = wanted;
        key = std::make_shared<KeyFeature>(*wanted->key);
        key->code = {};
      }
      return *engine;
    }
  };

  static Result resultOf(Runner& runner, const Task& task, const TimedFeaturePtr& key, bool wantFeature) {
    Engine& engine = runner.with(task, key, wantFeature);
    const bool isKey = key->key->input.frame->index == task.frame->index;
    return isKey ? engine.resultOfKey(*runner.key, key->times) : engine.propagate(task.frame, runner.key);
  }

  void propagate(const Task& task) {
    auto done = std::make_shared<Overlaid>();
    done->result = resultOf(drawing_, task, task.key, false);
    done->late = task.late;
    done->picture = task.painter->paint(done->result);
    done->layersVersion = task.layersVersion;
    std::lock_guard lock(s_.mutex);
    if (task.generation != s_.generation) return;
    const Result& result = done->result;
    s_.costs.add(result.times, result.isKey);
    s_.notes[size_t(task.frame->index)] = noteOf(result);
    s_.keepResult(task.frame->index, std::move(done));
  }

  void inspect(const Task& task) {
    auto seen = std::make_shared<Inspection>();
    const Result result = resultOf(comparing_, task, task.key, true);
    seen->key = task.key->key->input.frame;
    seen->current = task.frame;
    seen->keyFromCur = result.keyFromCur;
    seen->propagated = result.feature;
    seen->gridInFrame = result.gridInFrame;
    if (task.own) {
      seen->recomputed = resultOf(comparing_, task, task.own, true).feature;
      compareFeatures(*seen);
    }
    std::lock_guard lock(s_.mutex);
    if (task.generation != s_.generation) return;
    s_.inspection = std::move(seen);
    s_.inspectionGeneration = task.generation;
  }

  void sample(const Task& task) {
    const cv::Mat perFrame = resultOf(comparing_, task, task.own, true).labels;
    const cv::Mat propagated = resultOf(comparing_, task, task.key, true).labels;
    const double equal = double(cv::countNonZero(perFrame == propagated)) / double(perFrame.total());
    std::lock_guard lock(s_.mutex);
    if (task.generation != s_.generation) return;
    const int64_t frame = task.frame->index;
    s_.agreement.add(frame, int(frame - task.key->key->input.frame->index), equal);
  }

  InferenceState& s_;
  Runner drawing_, comparing_;
};

}  // namespace

void propagateFrames(InferenceState& state, const std::function<void()>& wake, std::stop_token stop) {
  yieldToTheWindow(kNice);
  PropagationWorker worker(state);
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
      if (task->generation == state.generation) state.error = e.what();
    }
    state.changed.notify_all();
    wake();
  }
}

}  // namespace dff::ui
