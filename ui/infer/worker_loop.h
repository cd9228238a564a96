#pragma once
#include <exception>
#include <functional>
#include <optional>

#include "ui/infer/inference_state.h"

namespace dff::ui {

/// The life of a worker's thread: waits for a task that `next` (called with the mutex held) finds in the state, runs
/// it, and says that there is news. What `run` throws goes to `failed`, with the mutex held.
template <class Next, class Run, class Failed>
void workUntilStopped(InferenceState& state, const std::function<void()>& wake, std::stop_token stop, Next next,
                      Run run, Failed failed) {
  while (!stop.stop_requested()) {
    decltype(next(state)) task;
    {
      std::unique_lock lock(state.mutex);
      state.changed.wait(lock, stop, [&] { return (task = next(state)).has_value(); });
      if (stop.stop_requested()) return;
      ++state.busy;
    }
    try {
      run(*task);
    } catch (const std::exception& e) {
      std::lock_guard lock(state.mutex);
      failed(*task, e);
    }
    {
      std::lock_guard lock(state.mutex);
      --state.busy;
    }
    state.changed.notify_all();
    wake();
  }
}

}  // namespace dff::ui
