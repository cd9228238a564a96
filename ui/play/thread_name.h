#pragma once
#include <pthread.h>

namespace dff::ui {

/// What debuggers, profilers and ./dev bars call the calling thread; at most 15 letters.
inline void nameThread(const char* name) { pthread_setname_np(pthread_self(), name); }

}  // namespace dff::ui
