#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "core/media/frame.h"

namespace dff::ui {

/// Decoded frames round the playhead, by number, within a bound of memory. What lies farthest goes first, and what lies
/// against the direction of travel counts as twice as far; a few that are needed from afar stay. Safe from several
/// threads.
class FrameRing {
 public:
  explicit FrameRing(size_t maxBytes) : usualBytes_(maxBytes), maxBytes_(maxBytes) {}

  void put(FramePtr frame);
  FramePtr get(int64_t index) const;  ///< null: not here
  bool has(int64_t index) const { return get(index) != nullptr; }
  /// Where the playhead is, which way it goes (1 or -1), and what stays however far it lies.
  void aim(int64_t centre, int direction, std::vector<int64_t> keep = {});
  /// Empties it for frames of this size: large ones get more memory, so that key frames ahead fit.
  void clearFor(size_t bytesPerFrame);
  void clear();

  /// How many frames of this size fit.
  int64_t capacity(size_t bytesPerFrame) const;
  /// Runs of frames that are here, first and last included.
  std::vector<std::pair<int64_t, int64_t>> ranges() const;

 private:
  int64_t distance(int64_t index) const;
  void evict();

  const size_t usualBytes_;
  size_t maxBytes_;
  mutable std::mutex mutex_;
  std::map<int64_t, FramePtr> frames_;
  size_t bytes_ = 0;
  int64_t centre_ = 0;
  int direction_ = 1;
  std::vector<int64_t> keep_;
};

}  // namespace dff::ui
