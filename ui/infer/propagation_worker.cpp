#include <cmath>
#include <opencv2/core.hpp>

#include "core/run/run_report.h"
#include "ui/infer/inference_state.h"
#include "ui/infer/keyed_engine.h"
#include "ui/infer/live_tracks.h"
#include "ui/infer/worker_loop.h"
#include "ui/play/worker_thread.h"

namespace dff::ui {
namespace {

constexpr int64_t kAhead = 14;      // frames that are propagated before they are due
constexpr int64_t kLateReach = 60;  // frames over which an older key may serve
constexpr int kNice = 3;

constexpr double kBarelyInTime = 0.85;  // of a frame's time

enum class Work { Frame, Inspect, Sample };

/// From which keys a frame is taken: all that it should come from; or, while they are not all there, the one before it
/// alone; or that one in any case, which costs half.
enum class Manner { Whole, WholeOrRough, Rough };

/// What the thread does next: `frame` from the features of `keys`.
struct Task {
  Work work = Work::Frame;
  FramePtr frame;
  KeysAround wanted, keys;  ///< what it should come from, and what there is
  FeaturesAround from;
  TimedFeaturePtr own;  ///< the frame's own feature, where the work needs it
  bool late = false;
  int threads = 1;
  int interval = 0;
  uint64_t generation = 0, modelGeneration = 0;
  Tuning tuning;
  std::shared_ptr<const Package> package;
  std::shared_ptr<const OverlayPainter> painter;
  uint64_t layersVersion = 0;

  bool provisional() const { return !late && !(keys == wanted); }
  bool blends() const { return tuning.keys.blends && interval > 1; }
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
    if (auto task = around(kNeighbours)) return task;
    return sample();
  }

 private:
  Task blank(Work work, int64_t frame) const {
    Task task;
    task.work = work;
    task.frame = s_.ring.get(frame);
    task.interval = s_.tuning.keys.interval;
    task.threads = s_.threadsForTask();
    task.generation = s_.generation;
    task.modelGeneration = s_.modelGeneration;
    task.tuning = s_.tuning;
    task.package = s_.package;
    task.painter = s_.painter;
    task.layersVersion = s_.layersVersion;
    return task;
  }

  bool take(Task& task, const KeysAround& keys) const {
    const auto features = s_.featuresOf(keys);
    if (!features) return false;
    task.keys = keys;
    task.from = *features;
    return true;
  }

  bool takeKeys(Task& task, Manner manner) const {
    task.wanted = s_.tuning.keys.keysAround(task.frame->index);
    return (manner != Manner::Rough && take(task, task.wanted)) ||
           (manner != Manner::Whole && take(task, {-1, task.wanted.previous, -1, -1}));
  }

  /// Or from an older key of the same scene.
  bool takeOlderKey(Task& task) const {
    const int64_t index = task.frame->index;
    const auto here = s_.features.lower_bound(index);
    if (here == s_.features.begin()) return false;
    const int64_t key = std::prev(here)->first;
    task.late = true;
    return index - key <= kLateReach && key >= s_.tuning.keys.runStart(index) && take(task, {-1, key, -1, -1});
  }

  /// A frame that has no result yet, or a rough one for which there is something better now.
  std::optional<Task> propagation(int64_t index, Manner manner, bool refines = true) const {
    if (!s_.inClip(index)) return std::nullopt;
    const auto found = s_.results.find(index);
    const OverlaidPtr had = found == s_.results.end() ? nullptr : found->second;
    if (had && !(refines && (had->late || had->provisional))) return std::nullopt;
    Task task = blank(Work::Frame, index);
    if (!task.frame) return std::nullopt;
    if (takeKeys(task, had && !had->late ? Manner::Whole : manner)) return task;
    if (had || manner == Manner::Whole || !takeOlderKey(task)) return std::nullopt;
    return task;
  }

  /// Begins with the first frame that can be done before it is due. Where whole ones would be late, all that are due
  /// get rough ones first.
  std::optional<Task> ahead() const {
    const double frames = s_.frameCost(false) / std::max(1.0, focus_.frameMs);
    const int64_t cost = std::clamp<int64_t>(int64_t(std::ceil(frames)), 0, 8);
    const int64_t lead = s_.results.count(focus_.frame) ? 0 : cost;
    if (frames > kBarelyInTime)
      for (int64_t n = lead; n <= kAhead; ++n)
        if (auto task = propagation(indexAhead(n), Manner::Rough, false)) return task;
    for (int64_t n = lead; n <= kAhead; ++n) {
      const Manner manner = n <= 2 * lead + 2 ? Manner::WholeOrRough : Manner::Whole;
      if (auto task = propagation(indexAhead(n), manner, n > cost)) return task;
    }
    return std::nullopt;
  }

  /// The frame that is shown n frames from now; -1: none.
  int64_t indexAhead(int64_t n) const {
    int64_t index = focus_.frame + n * focus_.direction;
    if (index > focus_.last) index = focus_.first + (index - focus_.last - 1);
    return index < focus_.first || index > focus_.last ? -1 : index;
  }

  std::optional<Task> around(int64_t reach) const {
    if (auto task = propagation(focus_.frame, Manner::WholeOrRough)) return task;
    for (int64_t n = 1; n <= reach; ++n)
      for (int64_t index : {focus_.frame + n, focus_.frame - n})
        if (auto task = propagation(index, Manner::Whole)) return task;
    return std::nullopt;
  }

  std::optional<Task> inspect() const {
    const int64_t index = focus_.frame;
    Task task = blank(Work::Inspect, index);
    if (!task.frame || !takeKeys(task, Manner::WholeOrRough)) return std::nullopt;
    task.own = s_.feature(index);
    const auto& done = s_.inspection;
    if (!s_.inspectionIsRight() || done->current->index != index) return task;
    const bool better = (done->provisional && !task.provisional()) || (done->recomputed.empty() && task.own);
    return better ? std::optional(task) : std::nullopt;
  }

  std::optional<Task> sample() const {
    const auto sample = s_.nextSample(true);
    if (!sample) return std::nullopt;
    Task task = blank(Work::Sample, sample->frame);
    task.interval = sample->interval;
    task.wanted = sample->keys;
    task.own = s_.feature(sample->frame);
    if (!task.frame || !take(task, sample->keys)) return std::nullopt;
    return task;
  }

  const InferenceState& s_;
  const Focus& focus_;
};

std::optional<Task> nextTask(const InferenceState& s) {
  if (!s.canRun() || !s.painter) return std::nullopt;
  return Wanted(s).next();
}

FrameNote noteOf(const Result& result) {
  FrameNote note;
  note.ms = float(engineMs(result.times));
  note.key = result.isKey;
  if (result.isKey) note.drift = 0;
  if (!result.trust.empty()) note.drift = float(std::max(0.0, 1 - cv::mean(result.trust)[0]));
  return note;
}

class PropagationWorker {
 public:
  explicit PropagationWorker(InferenceState& state) : s_(state), engine_(state.ring) {}

  void run(const Task& task) {
    const InferenceScope scope(task.threads);
    engine_.prepare(task.package, engineOptions(task.tuning), task.modelGeneration);
    if (task.work == Work::Frame) propagate(task);
    if (task.work == Work::Inspect) inspect(task);
    if (task.work == Work::Sample) sample(task);
  }

 private:
  void propagate(const Task& task) {
    EngineOptions wants;
    wants.wantHeat = task.tuning.heat;
    wants.heatChannel = task.tuning.heatChannel;
    wants.wantTrust = wants.wantMargin = true;
    auto done = std::make_shared<Overlaid>();
    done->result = engine_.result(task.frame, task.from, task.blends(), wants);
    if (std::exchange(tracked_, task.generation) != task.generation) tracks_.clear();
    tracks_.track(task.frame->index, task.tuning.keys.inPoint, done->result.boxes);
    done->late = task.late;
    done->provisional = task.provisional();
    done->keys = task.wanted;
    done->picture = task.painter->paint(done->result);
    done->layersVersion = task.layersVersion;
    std::lock_guard lock(s_.mutex);
    if (!s_.stillWanted(task.generation, task.frame->index, task.wanted)) return;
    const Result& result = done->result;
    FrameNote note = noteOf(result);
    if (done->late || done->provisional)
      note.ms = -1;  // not what a frame costs with these settings
    else
      s_.costs.add(result.times, result.isKey);
    s_.notes[size_t(task.frame->index)] = note;
    s_.keepResult(task.frame->index, std::move(done));
  }

  void inspect(const Task& task) {
    EngineOptions wants;
    wants.wantFeature = wants.wantTrust = true;
    auto seen = std::make_shared<Inspection>();
    const Result result = engine_.result(task.frame, task.from, task.blends(), wants);
    seen->key = task.from.previous->key->input.frame;
    seen->current = task.frame;
    seen->keys = task.wanted;
    seen->provisional = task.provisional();
    seen->keyFromCur = result.keyFromCur;
    seen->shareOfNext = result.shareOfNext;
    seen->propagated = result.feature;
    seen->gridInFrame = result.gridInFrame;
    if (task.own) {
      seen->recomputed = engine_.ofItself(task.own, wants).feature;
      compareFeatures(*seen);
    }
    std::lock_guard lock(s_.mutex);
    if (task.generation != s_.generation) return;
    s_.inspection = std::move(seen);
    s_.inspectionGeneration = task.generation;
  }

  void sample(const Task& task) {
    const Result result = engine_.result(task.frame, task.from, task.blends(), {});
    const cv::Mat perFrame = engine_.ofItself(task.own, {}).labels;
    const double equal = double(cv::countNonZero(perFrame == result.labels)) / double(perFrame.total());
    std::lock_guard lock(s_.mutex);
    if (task.generation != s_.generation) return;
    s_.agreement.add(task.frame->index, task.interval, result.isKey, equal);
  }

  InferenceState& s_;
  KeyedEngine engine_;
  LiveTracks tracks_;
  uint64_t tracked_ = 0;
};

}  // namespace

void propagateFrames(InferenceState& state, const std::function<void()>& wake, std::stop_token stop) {
  nameThread("propagate");
  yieldToTheWindow(kNice);
  PropagationWorker worker(state);
  workUntilStopped(
      state, wake, stop, nextTask, [&](const Task& task) { worker.run(task); },
      [&](const Task& task, const std::exception& e) {
        if (task.generation == state.generation) state.error = e.what();
      });
}

}  // namespace dff::ui
