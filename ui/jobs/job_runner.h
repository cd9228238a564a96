#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/base/job.h"

namespace dff::ui {

enum class JobState { Waiting, Running, Paused, Done, Failed, Cancelled };

/// One long operation as the list of jobs shows it; a copy, taken at one moment.
struct JobView {
  int id = 0;
  std::string title;
  std::string result;  ///< the file or folder to open once it is done
  JobState state = JobState::Waiting;
  Progress progress;
  double secondsLeft = -1;  ///< below 0: not known yet
  std::string message;      ///< why it failed, or what it warned of
};

/// Runs long operations one after another on a thread of low priority.
class JobRunner {
 public:
  /// `wake` is called from the thread whenever a view may have changed.
  explicit JobRunner(std::function<void()> wake);
  ~JobRunner();

  using Work = std::function<void(const JobContext&)>;
  int add(const std::string& title, const std::string& result, Work work);
  void cancel(int id);
  /// A running job halts where it next tells its progress, and so do those behind it; a waiting one is passed over.
  void setPaused(int id, bool paused);
  void forget(int id);  ///< takes a finished one off the list
  std::vector<JobView> jobs() const;

 private:
  struct Job;
  void run(std::stop_token stop);
  void perform(Job& job);
  JobContext contextOf(Job& job);
  void haltWhilePaused(std::unique_lock<std::mutex>& lock, Job& job);

  std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::shared_ptr<Job>> jobs_;
  int lastId_ = 0;
  std::jthread thread_;
};

}  // namespace dff::ui
