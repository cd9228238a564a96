#pragma once
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace dff::ui {

/// What debuggers, profilers and ./dev bars call the calling thread; at most 15 letters.
inline void nameThread(const char* name) { pthread_setname_np(pthread_self(), name); }

/// Lowers the priority of the calling thread, and of those it will start, so that the window comes first.
inline void yieldToTheWindow(int nice) {
  setpriority(PRIO_PROCESS, id_t(gettid()), getpriority(PRIO_PROCESS, 0) + nice);
}

}  // namespace dff::ui
