#include "ui/infer/live_tracks.h"

#include <algorithm>
#include <limits>

namespace dff::ui {
namespace {
constexpr size_t kMostFrames = 2000;
constexpr int64_t kFar = std::numeric_limits<int64_t>::max();
}  // namespace

/// The tracker of the nearest frame, before rather than after, brought to `index`; else a new one.
LiveTracks::Passed LiveTracks::arrivingAt(int64_t index, int64_t inPoint) const {
  const auto here = passed_.find(index);
  const int64_t firstId = index == inPoint ? 1 : here == passed_.end() ? nextId_ : here->second.firstId;
  const Passed anew{Tracker(options_, firstId), firstId, 1};
  const auto after = passed_.upper_bound(index), notBefore = passed_.lower_bound(index);
  const int64_t away = after == passed_.end() ? kFar : after->first - index;
  const int64_t back = notBefore == passed_.begin() ? kFar : index - std::prev(notBefore)->first;
  if (index == inPoint || std::min(away, back) > options_.trackPatience) return anew;
  const auto& nearest = back <= away ? std::prev(notBefore)->second : after->second;
  Passed arriving{nearest.after, firstId, back <= away ? 1 : -1};
  if (arriving.direction != nearest.direction) arriving.after.turnRound();
  std::vector<ObjectBox> none;
  for (int64_t i = 1; i < std::min(away, back); ++i) arriving.after.track(none);
  return arriving;
}

void LiveTracks::track(int64_t index, int64_t inPoint, std::vector<ObjectBox>& boxes) {
  Passed now = arrivingAt(index, inPoint);
  now.after.track(boxes);
  nextId_ = std::max(nextId_, now.after.nextId());
  passed_.insert_or_assign(index, std::move(now));
  if (passed_.size() > kMostFrames)  // the one that lies farthest from here
    passed_.erase(index - passed_.begin()->first > passed_.rbegin()->first - index ? passed_.begin()
                                                                                   : std::prev(passed_.end()));
}

void LiveTracks::clear() { *this = LiveTracks(options_); }

}  // namespace dff::ui
