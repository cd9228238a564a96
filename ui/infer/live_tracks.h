#pragma once
#include <map>

#include "core/task/tracker.h"

namespace dff::ui {

/// Tracks over frames that come in any order. What is played from the in-point without a gap gets the numbers that an
/// export gives; frames that were left out are gaps in a track, and playing backwards tracks backwards.
class LiveTracks {
 public:
  explicit LiveTracks(const TrackerOptions& options = {}) : options_(options) {}

  /// Fills trackId in the boxes of frame `index`; `inPoint` is where numbers begin with 1.
  void track(int64_t index, int64_t inPoint, std::vector<ObjectBox>& boxes);
  void clear();

 private:
  struct Passed {
    Tracker after;    ///< as it was left by the frame
    int64_t firstId;  ///< with which it would begin anew there
    int direction;    ///< of time, in which it came there
  };
  Passed arrivingAt(int64_t index, int64_t inPoint) const;

  TrackerOptions options_;
  std::map<int64_t, Passed> passed_;
  int64_t nextId_ = 1;
};

}  // namespace dff::ui
