#pragma once
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "core/base/error.h"

namespace dff {

/// How far a long operation is: `done` of `total` units (0: unknown), and what it is doing.
struct Progress {
  int64_t done = 0;
  int64_t total = 0;
  std::string what;
};

/// What every long operation is given: a way to be stopped, and sinks for progress and warnings (both may be empty).
struct JobContext {
  std::stop_token stop;
  std::function<void(const Progress&)> onProgress;
  std::function<void(const std::string&)> onWarning;
  std::function<void(const std::string&)> onLog;  ///< what was chosen and why, for -v

  void progress(int64_t done, int64_t total, const std::string& what) const {
    if (onProgress) onProgress({done, total, what});
  }
  void warn(const std::string& message) const {
    if (onWarning) onWarning(message);
  }
  void log(const std::string& message) const {
    if (onLog) onLog(message);
  }
  /// Throws Interrupted once a stop was requested.
  void checkStop() const {
    if (stop.stop_requested()) throw Interrupted();
  }
};

}  // namespace dff
