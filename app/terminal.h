#pragma once
#include <chrono>
#include <stop_token>
#include <thread>

#include "core/base/job.h"

namespace dff {

/// Progress, warnings and interruption on a terminal. Progress goes to stderr: one line rewritten in place, or plain
/// lines now and then where stderr is no terminal. Ctrl-C asks the job to stop.
class Terminal {
 public:
  explicit Terminal(bool verbose);
  ~Terminal();
  JobContext job();

 private:
  void show(const Progress& progress);
  void say(const std::string& message);

  using Clock = std::chrono::steady_clock;
  bool verbose_, isTerminal_, lineOpen_ = false;
  Clock::time_point start_, shown_;
  int64_t startDone_ = -1;
  std::stop_source stop_;
  std::jthread watcher_;
};

}  // namespace dff
