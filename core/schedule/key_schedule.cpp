#include "core/schedule/key_schedule.h"

#include <algorithm>

namespace dff {
namespace {

/// Frames from the last place of the grid to `index`.
int64_t pastGrid(const KeySchedule& s, int64_t index) {
  return ((index - s.inPoint) % s.interval + s.interval) % s.interval;
}

/// The last of `places` at or before `index`, or `otherwise`.
int64_t lastOf(const std::set<int64_t>& places, int64_t index, int64_t otherwise) {
  const auto after = places.upper_bound(index);
  return after == places.begin() ? otherwise : *std::prev(after);
}

/// The first of `places` after `index`, or `otherwise`.
int64_t firstAfter(const std::set<int64_t>& places, int64_t index, int64_t otherwise) {
  const auto after = places.upper_bound(index);
  return after == places.end() ? otherwise : *after;
}

/// Whether keys stand where a policy placed them.
bool isPlanned(const KeySchedule& s, int64_t index) {
  return !s.planned.empty() && s.inPoint <= index && index <= s.outPoint;
}

}  // namespace

std::vector<int64_t> named(const KeysAround& keys) {
  std::vector<int64_t> frames = {keys.previous, keys.next, keys.after, keys.before};
  std::erase(frames, -1);
  return frames;
}

int64_t KeySchedule::runStart(int64_t index) const {
  int64_t start = std::max<int64_t>(0, lastOf(cuts, index, 0));
  if (inPoint <= index) start = std::max(start, inPoint);
  if (outPoint < index) start = std::max(start, outPoint + 1);
  return start;
}

int64_t KeySchedule::runEnd(int64_t index) const {
  int64_t end = std::min(frames - 1, firstAfter(cuts, index, frames) - 1);
  if (index < inPoint) end = std::min(end, inPoint - 1);
  if (index <= outPoint) end = std::min(end, outPoint);
  return end;
}

int64_t KeySchedule::keyOf(int64_t index) const {
  if (readsAhead && index == runEnd(index)) return index;
  const int64_t start = runStart(index);
  const int64_t key = isPlanned(*this, index) ? lastOf(planned, index, start) : index - pastGrid(*this, index);
  return std::max({start, key, lastOf(pins, index, start)});
}

int64_t KeySchedule::keyAfter(int64_t index) const {
  const int64_t end = runEnd(index);
  int64_t key =
      isPlanned(*this, index) ? firstAfter(planned, index, end + 1) : index - pastGrid(*this, index) + interval;
  key = std::min(key, end + 1);
  if (readsAhead && index < end) key = std::min(key, end);
  return std::min(key, firstAfter(pins, index, key));
}

KeysAround KeySchedule::keysAround(int64_t index) const {
  KeysAround keys;
  keys.previous = keyOf(index);
  if (!readsAhead) return keys;
  const bool blended = blends && interval > 1;  // interval 1 is per-frame inference, the yardstick
  const int64_t next = keyAfter(keys.previous), end = runEnd(index);
  if (blended && keys.previous > runStart(index)) keys.before = keyOf(keys.previous - 1);
  if (next > end || (index == keys.previous && !blended)) return keys;
  keys.next = next;
  if (blended && index > keys.previous && next < end) keys.after = keyAfter(next);
  return keys;
}

}  // namespace dff
