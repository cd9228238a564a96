#pragma once
#include <array>
#include <cstdint>
#include <deque>

#include "core/base/stage.h"

namespace dff::ui {

/// What a frame costs at an interval, put together from key and other frames that were timed.
struct CostReading {
  bool known = false;  ///< both kinds of frames were timed
  double keyMs = 0;    ///< a key frame, prepare to post
  double otherMs = 0;  ///< any other frame
  double meanMs = 0;   ///< the mean over an interval
  double speedUp = 1;  ///< per-frame cost over mean cost: l / (1 + (l - 1) q), q = otherMs / keyMs
  double features = 0, flow = 0, warp = 0, heads = 0;  ///< the parts of meanMs; heads: everything else

  double framesPerSecond() const { return meanMs > 0 ? 1000 / meanMs : 0; }
};

/// Medians of the last frames of each kind.
class CostMeter {
 public:
  void add(const StageTimes& times, bool isKey);
  CostReading reading(double keyShare) const;
  void clear() { *this = {}; }
  void clearOthers() { others_.clear(); }

 private:
  static constexpr size_t kKept = 31;
  std::deque<StageTimes> keys_, others_;
};

}  // namespace dff::ui
