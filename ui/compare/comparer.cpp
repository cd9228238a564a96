#include "ui/compare/comparer.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace dff::ui {
namespace {
constexpr size_t kMostResults = 24;
constexpr int64_t kAround = 2;  // frames to both sides while paused, so that a step is instant
constexpr int kNice = 4;
}  // namespace

class Comparer::Impl {
 public:
  explicit Impl(std::function<void()> wake)
      : wake_(std::move(wake)), thread_([this](std::stop_token stop) { run(stop); }) {}
  ~Impl() {
    thread_.request_stop();
    changed_.notify_all();
  }

  void setSettings(const CompareSettings& settings) {
    std::lock_guard lock(mutex_);
    if (settings == settings_) return;
    for (size_t i : {0u, 1u})
      if (settings.model != settings_.model || settings.precision != settings_.precision ||
          !(settings.sides[i] == settings_.sides[i]))
        news_.costs[i].clear();
    settings_ = settings;
    ++generation_;
    results_.clear();
    news_.error.clear();
    news_.agreement = 0;
    news_.compared = 0;
    changed_.notify_all();
  }

  void setLayers(const OverlayOptions& layers, const std::array<uint8_t, 3>& color) {
    std::lock_guard lock(mutex_);
    layers_ = layers;
    color_ = color;
    ++layersVersion_;
    changed_.notify_all();
  }

  void aim(const CompareAim& aim) {
    std::lock_guard lock(mutex_);
    aim_ = aim;
    changed_.notify_all();
  }

  ComparisonPtr result(int64_t index) const {
    std::lock_guard lock(mutex_);
    const auto found = results_.find(index);
    return found == results_.end() ? nullptr : found->second.comparison;
  }

  CompareNews news() const {
    std::lock_guard lock(mutex_);
    return news_;
  }

 private:
  struct Kept {
    ComparisonPtr comparison;
    uint64_t layersVersion;
  };
  struct Task {
    int64_t frame;
    ComparisonPtr toPaint;  ///< set: only its pictures are old
    uint64_t generation, layersVersion;
    CompareSettings settings;
    OverlayOptions layers;
    std::array<uint8_t, 3> color;
  };

  std::optional<Task> taskFor(int64_t frame) const {
    if (frame < 0 || frame >= settings_.clip->frames()) return std::nullopt;
    const auto found = results_.find(frame);
    const bool there = found != results_.end();
    if (there && found->second.layersVersion == layersVersion_) return std::nullopt;
    return Task{frame, there ? found->second.comparison : nullptr, generation_, layersVersion_, settings_, layers_,
                color_};
  }

  /// While playing, the first frame that can be done before it is due; paused, the frame of now and its neighbours.
  std::optional<Task> next() const {
    if (!aim_.active || !settings_.clip || !news_.error.empty()) return std::nullopt;
    if (aim_.playing) {
      const int64_t lead = std::clamp<int64_t>(std::llround(lastMs_ / std::max(1.0, aim_.frameMs)), 0, 8);
      for (int64_t n = lead; n <= lead + 4; ++n) {
        const int64_t frame = aim_.frame + n * aim_.direction;
        if (frame < settings_.first || frame > settings_.last) break;
        if (auto task = taskFor(frame)) return task;
      }
      return taskFor(aim_.frame);
    }
    for (int64_t n = 0; n <= kAround; ++n)
      for (int64_t frame : {aim_.frame + n, aim_.frame - n})
        if (auto task = taskFor(frame)) return task;
    return std::nullopt;
  }

  void run(std::stop_token stop) {
    setpriority(PRIO_PROCESS, id_t(gettid()), getpriority(PRIO_PROCESS, 0) + kNice);
    while (!stop.stop_requested()) {
      std::optional<Task> task;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, stop, [&] { return (task = next()).has_value(); });
      }
      if (stop.stop_requested()) return;
      try {
        perform(*task);
      } catch (const std::exception& e) {
        madeFor_ = drawnFor_ = 0;
        maker_ = {};  // half of it may be of the settings before
        std::lock_guard lock(mutex_);
        if (task->generation == generation_) news_.error = e.what();
      }
      wake_();
    }
  }

  void perform(const Task& task) {
    const InferenceScope scope(0);
    const auto start = std::chrono::steady_clock::now();
    if (drawnFor_ != task.layersVersion) maker_.setLayers(task.layers, task.color);
    drawnFor_ = task.layersVersion;
    if (madeFor_ != task.generation) maker_.set(task.settings);
    madeFor_ = task.generation;
    auto made = std::make_shared<Comparison>();
    if (task.toPaint) {
      *made = *task.toPaint;
      maker_.paint(*made);
    } else {
      *made = maker_.make(task.frame);
    }
    std::lock_guard lock(mutex_);
    if (task.generation != generation_) return;
    if (!task.toPaint)
      note(*made, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    results_[task.frame] = {std::move(made), task.layersVersion};
    while (results_.size() > kMostResults) {
      const auto last = std::prev(results_.end());
      const bool front = std::abs(results_.begin()->first - aim_.frame) > std::abs(last->first - aim_.frame);
      results_.erase(front ? results_.begin() : last);
    }
  }

  void note(const Comparison& made, double ms) {
    lastMs_ = ms;
    news_.loaded = true;
    news_.precision = nameOf(maker_.precision());
    news_.classes = maker_.package().spec.classes;
    news_.labelled = maker_.labelled();
    for (size_t i : {0u, 1u})
      if (made.sides[i].ms >= 0) news_.costs[i].add(made.sides[i].result.times, made.sides[i].result.isKey);
    if (made.agreement) news_.agreement += (*made.agreement - news_.agreement) / double(++news_.compared);
  }

  std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  CompareSettings settings_;
  CompareAim aim_;
  OverlayOptions layers_;
  std::array<uint8_t, 3> color_{};
  uint64_t generation_ = 1, layersVersion_ = 1;
  std::map<int64_t, Kept> results_;
  CompareNews news_;
  double lastMs_ = 0;
  // Of the thread alone.
  ComparisonMaker maker_;
  uint64_t madeFor_ = 0, drawnFor_ = 0;  // generation and layers
  std::jthread thread_;
};

Comparer::Comparer(std::function<void()> wake) : impl_(std::make_unique<Impl>(std::move(wake))) {}
Comparer::~Comparer() = default;
void Comparer::setSettings(const CompareSettings& settings) { impl_->setSettings(settings); }
void Comparer::setLayers(const OverlayOptions& layers, const std::array<uint8_t, 3>& color) {
  impl_->setLayers(layers, color);
}
void Comparer::aim(const CompareAim& aim) { impl_->aim(aim); }
ComparisonPtr Comparer::result(int64_t index) const { return impl_->result(index); }
CompareNews Comparer::news() const { return impl_->news(); }

}  // namespace dff::ui
