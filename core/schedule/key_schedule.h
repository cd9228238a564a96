#pragma once
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

namespace dff {

/// The key frames that a frame is computed from, by number; -1: none. `before` and `after` are what `previous` and
/// `next` are blended with; of a key frame, `previous` is itself and `next` only a neighbour that it is blended with.
struct KeysAround {
  int64_t before = -1, previous = -1, next = -1, after = -1;
  bool operator==(const KeysAround&) const = default;
};

/// Those numbers that name a frame, the most urgent first.
std::vector<int64_t> named(const KeysAround& keys);

/// Which frames are key frames, at any place of a clip: every `interval`-th from the in-point or those that a policy
/// placed, those after a scene cut and those that were pinned. A run of frames that knows nothing of the others begins
/// at the in-point, at a cut and behind the out-point; its first frame is a key, and where the next key is read ahead
/// its last one too.
struct KeySchedule {
  int interval = 10;
  int64_t inPoint = 0;
  std::set<int64_t> cuts = {};  ///< first frames after a cut
  std::set<int64_t> pins = {};
  std::set<int64_t> planned = {};  ///< placed by a policy: where there are any, they stand in the range for the grid
  int64_t outPoint = std::numeric_limits<int64_t>::max() - 1;
  int64_t frames = std::numeric_limits<int64_t>::max();  ///< of the clip
  bool readsAhead = false;                               ///< propagation reads the key after a frame, too
  bool blends = false;                                   ///< keys are blended with their neighbours; reads ahead

  /// The last key frame at or before `index`.
  int64_t keyOf(int64_t index) const;
  /// The first key frame after `index`; may lie behind the end.
  int64_t keyAfter(int64_t index) const;
  bool isKey(int64_t index) const { return keyOf(index) == index; }
  KeysAround keysAround(int64_t index) const;

  /// First and last frame of the run in which `index` lies.
  int64_t runStart(int64_t index) const;
  int64_t runEnd(int64_t index) const;

  bool operator==(const KeySchedule&) const = default;
};

}  // namespace dff
