#pragma once
#include <cstdint>
#include <utility>
#include <vector>

namespace dff {

/// What decides which frames of a range a sweep runs.
struct StretchBounds {
  int64_t first = 0, last = 0;  ///< the range, both included
  int64_t largestInterval = 1;
  int64_t mostFrames = 240;
  int64_t pixels = 0;  ///< of a frame: stretches are held in memory
};

/// Stretches of the range, first and last frame of each: all of it where that is few enough frames (in one
/// stretch where memory allows), otherwise as many
/// as allowed, evenly spread over the range, or over the frames of `labelled` where there are any.
std::vector<std::pair<int64_t, int64_t>> stretchesOf(const StretchBounds& bounds, const std::vector<int64_t>& labelled);

}  // namespace dff
