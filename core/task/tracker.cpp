#include "core/task/tracker.h"

#include <algorithm>
#include <tuple>

namespace dff {
namespace {

constexpr float kNewVelocity = 0.5f;  // weight of what was just seen

cv::Point2f centreOf(const cv::Rect2f& box) { return (box.tl() + box.br()) / 2; }

float overlapOf(const cv::Rect2f& a, const cv::Rect2f& b) {
  const float shared = (a & b).area();
  return shared > 0 ? shared / (a.area() + b.area() - shared) : 0;
}

}  // namespace

/// Lets the sure boxes (or the others) choose among the tracks that are not seen yet.
void Tracker::associate(std::vector<ObjectBox>& boxes, bool sure, std::vector<bool>& seen) {
  std::vector<std::tuple<float, size_t, size_t>> pairs;
  const double least = sure ? options_.trackOverlap : options_.trackOverlapLow;
  for (size_t t = 0; t < tracks_.size(); ++t)
    for (size_t b = 0; b < boxes.size(); ++b) {
      if ((boxes[b].score >= options_.trackHigh) != sure || boxes[b].score < options_.trackLow) continue;
      if (seen[t] || boxes[b].classIndex != tracks_[t].classIndex || (!sure && tracks_[t].missed > 0)) continue;
      const float overlap = overlapOf(tracks_[t].box, boxes[b].box);
      if (overlap > 0 && overlap >= least) pairs.emplace_back(-overlap, t, b);
    }
  std::sort(pairs.begin(), pairs.end());
  for (const auto& [overlap, t, b] : pairs) {
    if (seen[t] || boxes[b].trackId >= 0) continue;
    seen[t] = true;
    boxes[b].trackId = tracks_[t].id;
    follow(tracks_[t], boxes[b]);
  }
}

void Tracker::follow(Track& track, const ObjectBox& box) const {
  const cv::Point2f error = centreOf(box.box) - centreOf(track.box);
  track.velocity += error * (kNewVelocity / float(track.missed + 1));
  track.box = box.box;
  track.missed = -1;  // counted up below, with those that were not seen
}

void Tracker::track(std::vector<ObjectBox>& boxes) {
  for (auto& box : boxes) box.trackId = -1;
  for (auto& track : tracks_) track.box += track.velocity;
  std::vector<bool> seen(tracks_.size());
  associate(boxes, true, seen);
  associate(boxes, false, seen);
  for (auto& box : boxes) {
    if (box.trackId >= 0 || box.score < options_.trackHigh) continue;
    box.trackId = nextId_++;
    tracks_.push_back({box.trackId, box.classIndex, box.box, {}, -1});
  }
  for (auto& track : tracks_) ++track.missed;
  std::erase_if(tracks_, [&](const Track& track) { return track.missed > options_.trackPatience; });
}

void Tracker::turnRound() {
  for (auto& track : tracks_) track.velocity = -track.velocity;
}

}  // namespace dff
