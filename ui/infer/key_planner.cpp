#include "ui/infer/key_planner.h"

#include <algorithm>
#include <sstream>

#include "core/base/error.h"
#include "ui/play/worker_thread.h"

namespace dff::ui {
namespace {

constexpr int kNice = 10;
constexpr int64_t kMostFrames = 30000;  // some 13 kB each
constexpr int64_t kReportEvery = 16;    // frames

}  // namespace

bool KeyWish::isPlan() const { return clip && !network.empty() && interval > 1 && findPolicy(policy).score; }

bool KeyWish::sameFrames(const KeyWish& other) const {
  return clip == other.clip && first == other.first && last == other.last && network == other.network;
}

std::vector<std::string> quickPolicies() {
  std::vector<std::string> names;
  std::istringstream all(knownPolicies());
  for (std::string name; std::getline(all >> std::ws, name, ',');)
    if (!findPolicy(name).asksModel) names.push_back(name);
  return names;
}

PolicyOptions policyOptions(const std::string& policy, int interval) {
  PolicyOptions options;
  options.policy = policy;
  options.keyShare = 1.0 / interval;
  return options;
}

KeyPlanner::KeyPlanner(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this](std::stop_token stop) { run(stop); }) {}

KeyPlanner::~KeyPlanner() = default;

void KeyPlanner::setWish(const KeyWish& wish) {
  {
    std::lock_guard lock(mutex_);
    if (wish == wish_) return;
    wish_ = wish;
  }
  changed_.notify_all();
}

PlannedKeys KeyPlanner::news() const {
  std::lock_guard lock(mutex_);
  return news_;
}

void KeyPlanner::run(std::stop_token stop) {
  nameThread("plan keys");
  yieldToTheWindow(kNice);
  while (!stop.stop_requested()) {
    KeyWish wish;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [&] { return wish_ != news_.wish; });
      if (stop.stop_requested()) return;
      wish = wish_;
    }
    try {
      plan(wish, stop);
    } catch (const Interrupted&) {
      continue;  // another wish came
    } catch (const std::exception& e) {
      std::lock_guard lock(mutex_);
      news_ = {wish, {}, std::nullopt, e.what()};
    }
    wake_();
  }
}

void KeyPlanner::plan(const KeyWish& wish, const std::stop_token& stop) {
  PlannedKeys planned{wish, {}, std::nullopt, ""};
  if (wish.isPlan()) {
    look(wish, stop);
    planned.keys = placeKeys(frames_, policyOptions(wish.policy, wish.interval), {wish.pins, wish.readsAhead}).keys;
  }
  std::lock_guard lock(mutex_);
  news_ = std::move(planned);
}

void KeyPlanner::look(const KeyWish& wish, const std::stop_token& stop) {
  if (!frames_.empty() && lookedFor_.sameFrames(wish)) return;
  if (wish.last - wish.first >= kMostFrames)
    fail("the range has more than ", kMostFrames, " frames, which is too long for placing keys by \"", wish.policy,
         "\": set in- and out-point closer together");
  frames_.clear();
  const auto source = openSource(wish.clip->path);
  JobContext job;
  job.stop = stop;
  job.onProgress = [&](const Progress& progress) { report(progress, wish); };
  frames_ = planFrames(*source, wish.first, wish.last, wish.network, job);
  lookedFor_ = wish;
}

/// Gives up where other frames are wanted by now.
void KeyPlanner::report(const Progress& progress, const KeyWish& wish) {
  if (progress.done % kReportEvery != 0) return;
  {
    std::lock_guard lock(mutex_);
    if (!wish_.isPlan() || !wish_.sameFrames(wish)) throw Interrupted();
    news_.looked = double(progress.done) / double(progress.total);
  }
  wake_();
}

}  // namespace dff::ui
