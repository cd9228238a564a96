#include "app/terminal.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <thread>

namespace dff {
namespace {

// A signal handler may touch nothing else; the terminal's watcher thread looks at it.
std::atomic<int> interruptions = 0;
static_assert(std::atomic<int>::is_always_lock_free);

void onInterrupt(int) {
  if (++interruptions > 2) std::_Exit(130);  // the third time means it
}

std::string minutes(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%d:%02d", int(seconds) / 60, int(seconds) % 60);
  return text;
}

}  // namespace

Terminal::Terminal(bool verbose) : verbose_(verbose), isTerminal_(::isatty(STDERR_FILENO)), start_(Clock::now()) {
  std::signal(SIGINT, onInterrupt);
  std::signal(SIGTERM, onInterrupt);
  watcher_ = std::jthread([this](std::stop_token ended) {
    while (!ended.stop_requested() && interruptions == 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (interruptions > 0) stop_.request_stop();
  });
}

Terminal::~Terminal() {
  if (lineOpen_) std::fputc('\n', stderr);
}

JobContext Terminal::job() {
  JobContext job;
  job.stop = stop_.get_token();
  job.onProgress = [this](const Progress& p) { show(p); };
  job.onWarning = [this](const std::string& message) { say("warning: " + message); };
  if (verbose_) job.onLog = [this](const std::string& message) { say(message); };
  return job;
}

void Terminal::say(const std::string& message) {
  std::fprintf(stderr, "%s%s\n", lineOpen_ ? "\n" : "", message.c_str());
  lineOpen_ = false;
}

void Terminal::show(const Progress& p) {
  const auto now = Clock::now();
  if (startDone_ < 0 || p.done < startDone_) start_ = now, startDone_ = p.done;
  const bool last = p.total > 0 && p.done == p.total;
  if (!last && now - shown_ < (isTerminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000))) return;
  shown_ = now;
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const double rate = elapsed > 0 ? double(p.done - startDone_) / elapsed : 0;
  std::string line = std::to_string(p.done) + (p.total > 0 ? "/" + std::to_string(p.total) : "");
  if (p.total > 0) line = std::to_string(100 * p.done / p.total) + " %  " + line;
  char speed[48];
  std::snprintf(speed, sizeof speed, "  %.1f/s", rate);
  line += speed;
  if (rate > 0 && p.total > p.done) line += "  " + minutes(double(p.total - p.done) / rate) + " left";
  line += "  " + p.what;
  std::fprintf(stderr, isTerminal_ ? "\r\033[K%s" : "%s\n", line.c_str());
  lineOpen_ = isTerminal_;
}

}  // namespace dff
