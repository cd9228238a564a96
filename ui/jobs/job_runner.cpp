#include "ui/jobs/job_runner.h"

#include <algorithm>
#include <chrono>

#include "ui/play/worker_thread.h"

namespace dff::ui {

using Clock = std::chrono::steady_clock;

struct JobRunner::Job {
  JobView view;
  Work work;
  std::stop_source stop;
  Clock::time_point start;
  bool begun = false;
};

namespace {
constexpr int kNice = 8;

double secondsLeft(const Progress& p, Clock::time_point start) {
  if (p.total <= 0 || p.done <= 0) return -1;
  const double spent = std::chrono::duration<double>(Clock::now() - start).count();
  return spent * double(p.total - p.done) / double(p.done);
}
}  // namespace

JobRunner::JobRunner(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this](std::stop_token stop) { run(stop); }) {}

JobRunner::~JobRunner() {
  thread_.request_stop();
  std::lock_guard lock(mutex_);
  for (auto& job : jobs_) job->stop.request_stop();
  changed_.notify_all();
}

int JobRunner::add(const std::string& title, const std::string& result, Work work) {
  std::lock_guard lock(mutex_);
  auto job = std::make_shared<Job>();
  job->view = {++lastId_, title, result, JobState::Waiting, {}, -1, ""};
  job->work = std::move(work);
  jobs_.push_back(std::move(job));
  changed_.notify_all();
  return lastId_;
}

void JobRunner::cancel(int id) {
  std::lock_guard lock(mutex_);
  for (auto& job : jobs_) {
    if (job->view.id != id) continue;
    job->stop.request_stop();
    if (job->view.state == JobState::Waiting || (job->view.state == JobState::Paused && !job->begun))
      job->view.state = JobState::Cancelled;
  }
  changed_.notify_all();
}

void JobRunner::setPaused(int id, bool paused) {
  std::lock_guard lock(mutex_);
  for (auto& job : jobs_) {
    JobState& state = job->view.state;
    if (job->view.id != id) continue;
    if (paused && (state == JobState::Waiting || state == JobState::Running))
      state = JobState::Paused;
    else if (!paused && state == JobState::Paused)
      state = job->begun ? JobState::Running : JobState::Waiting;
  }
  changed_.notify_all();
}

void JobRunner::forget(int id) {
  std::lock_guard lock(mutex_);
  std::erase_if(jobs_, [&](const auto& job) {
    const auto& v = job->view;
    return v.id == id && v.state != JobState::Waiting && v.state != JobState::Running && v.state != JobState::Paused;
  });
}

std::vector<JobView> JobRunner::jobs() const {
  std::lock_guard lock(mutex_);
  std::vector<JobView> views;
  for (const auto& job : jobs_) views.push_back(job->view);
  return views;
}

void JobRunner::run(std::stop_token stop) {
  nameThread("jobs");
  yieldToTheWindow(kNice);
  while (!stop.stop_requested()) {
    std::shared_ptr<Job> job;
    {
      std::unique_lock lock(mutex_);
      const auto waits = [](const auto& j) { return j->view.state == JobState::Waiting; };
      changed_.wait(lock, stop, [&] { return std::any_of(jobs_.begin(), jobs_.end(), waits); });
      const auto found = std::find_if(jobs_.begin(), jobs_.end(), waits);
      if (stop.stop_requested() || found == jobs_.end()) continue;
      job = *found;
      job->view.state = JobState::Running;
      job->begun = true;
      job->start = Clock::now();
    }
    wake_();
    perform(*job);
    wake_();
  }
}

void JobRunner::perform(Job& job) {
  JobState state = JobState::Done;
  std::string message;
  try {
    job.work(contextOf(job));
  } catch (const Interrupted&) {
    state = JobState::Cancelled;
  } catch (const std::exception& e) {
    state = JobState::Failed;
    message = e.what();
  }
  std::lock_guard lock(mutex_);
  job.view.state = state;
  if (!message.empty()) job.view.message = message;
  job.work = nullptr;
}

/// The time spent so counts for nothing when the time left is told.
void JobRunner::haltWhilePaused(std::unique_lock<std::mutex>& lock, Job& job) {
  const auto since = Clock::now();
  const bool halts = job.view.state == JobState::Paused;
  changed_.wait(lock, job.stop.get_token(), [&] { return job.view.state != JobState::Paused; });
  if (halts) job.start += Clock::now() - since;
}

JobContext JobRunner::contextOf(Job& job) {
  JobContext context;
  context.stop = job.stop.get_token();
  context.onProgress = [this, &job](const Progress& p) {
    {
      std::unique_lock lock(mutex_);
      haltWhilePaused(lock, job);
      job.view.progress = p;
      job.view.secondsLeft = secondsLeft(p, job.start);
    }
    wake_();
  };
  context.onWarning = [this, &job](const std::string& warning) {
    std::lock_guard lock(mutex_);
    job.view.message = warning;
  };
  return context;
}

}  // namespace dff::ui
