#pragma once
#include <functional>
#include <memory>
#include <thread>

#include "core/base/bounded_queue.h"

namespace dff {

/// Makes items 'first', 'first' + 1, ... ahead of time on a thread of its own. What the maker throws, next() throws.
template <class T>
class Loader {
 public:
  Loader(int64_t first, std::function<T(int64_t)> make, size_t ahead = 2)
      : queue_(ahead),
        thread_([this, first, make = std::move(make)](std::stop_token stop) { run(stop, first, make); }) {}
  ~Loader() {
    thread_.request_stop();
    queue_.close();
  }

  T next() {
    auto item = queue_.pop();
    if (!item) std::rethrow_exception(error_);
    return std::move(*item);
  }

 private:
  void run(std::stop_token stop, int64_t index, const std::function<T(int64_t)>& make) {
    try {
      while (!stop.stop_requested() && queue_.push(make(index))) ++index;
    } catch (...) {
      error_ = std::current_exception();
      queue_.close();
    }
  }

  BoundedQueue<T> queue_;
  std::exception_ptr error_;
  std::jthread thread_;  // last, so that it is joined before the queue goes
};

}  // namespace dff
