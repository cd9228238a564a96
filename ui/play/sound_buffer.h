#pragma once
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace dff::ui {

/// Decoded sound round the place that is heard, counted in pairs of samples from the file's time 0. Filled by one
/// thread and read by another; what is not there when it is due is silence, and what comes later stays in step.
class SoundBuffer {
 public:
  /// Empties it to be filled from `position` on, and read there.
  void clear(int64_t position);
  /// `at`: where `samples` (left, right, ...) begin; a gap to what is there becomes silence, what lies before is cut.
  void add(int64_t at, const std::vector<float>& samples);
  /// From here on read() reads; what lies before it is dropped.
  void setPosition(int64_t position);
  void read(float* samples, int pairs);

  int64_t position() const;
  int64_t begin() const;  ///< of what is there
  int64_t end() const;

 private:
  void drop();

  mutable std::mutex mutex_;
  std::deque<float> samples_;
  int64_t begin_ = 0, position_ = 0;
};

}  // namespace dff::ui
