#include "core/eval/track_scores.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/eval/assignment.h"

namespace dff {
namespace {

constexpr double kLeastOverlap = 0.5;
constexpr double kKept = 1000;  // a pair of the last frame is worth more than any better fit

double overlapOf(const LabelledBox& object, const ObjectBox& box) {
  if (object.classIndex != box.classIndex) return 0;
  const double overlap = dff::overlapOf(object.box, box.box);
  return overlap >= kLeastOverlap ? overlap : 0;
}

bool onIgnored(const ObjectBox& box, const std::vector<LabelledBox>& truth) {
  return std::any_of(truth.begin(), truth.end(), [&](const LabelledBox& t) {
    return t.ignore && (t.box & box.box).area() >= 0.5 * box.box.area();
  });
}

}  // namespace

void TrackScorer::add(const std::vector<LabelledBox>& truth, const std::vector<ObjectBox>& found) {
  std::vector<LabelledBox> objects;
  for (const auto& t : truth)
    if (!t.ignore) objects.push_back(t);
  std::vector<ObjectBox> boxes;
  for (const auto& b : found) {
    const bool onObject =
        std::any_of(objects.begin(), objects.end(), [&](const LabelledBox& o) { return overlapOf(o, b) > 0; });
    if (b.trackId >= 0 && (onObject || !onIgnored(b, truth))) boxes.push_back(b);
  }
  std::vector<std::vector<double>> values;
  for (const auto& object : objects) {
    values.emplace_back();
    const auto last = trackOf_.find(object.trackId);
    for (const auto& box : boxes) {
      const double overlap = overlapOf(object, box);
      if (overlap > 0) ++together_[object.trackId][box.trackId];
      values.back().push_back(overlap > 0 && last != trackOf_.end() && last->second == box.trackId ? kKept + overlap
                                                                                                   : overlap);
    }
  }
  const auto boxOf = bestAssignment(values, int(boxes.size()));
  int64_t matched = 0;
  for (size_t i = 0; i < objects.size(); ++i) {
    if (boxOf[i] < 0) continue;
    ++matched;
    const int64_t track = boxes[size_t(boxOf[i])].trackId;
    const auto [last, isNew] = trackOf_.emplace(objects[i].trackId, track);
    counts_.idSwitches += !isNew && last->second != track;
    last->second = track;
  }
  counts_.objects += int64_t(objects.size());
  counts_.missed += int64_t(objects.size()) - matched;
  counts_.falseBoxes += int64_t(boxes.size()) - matched;
  tracked_ += int64_t(boxes.size());
}

/// Boxes that have the right name when every object is given the one track that suits all of them together best.
double TrackScorer::identified() const {
  std::map<int64_t, int> columns;
  for (const auto& [object, tracks] : together_)
    for (const auto& [track, frames] : tracks) columns.emplace(track, int(columns.size()));
  std::vector<std::vector<double>> values;
  for (const auto& [object, tracks] : together_) {
    values.emplace_back(columns.size());
    for (const auto& [track, frames] : tracks) values.back()[size_t(columns.at(track))] = double(frames);
  }
  const auto columnOf = bestAssignment(values, int(columns.size()));
  double sum = 0;
  for (size_t i = 0; i < values.size(); ++i)
    if (columnOf[i] >= 0) sum += values[i][size_t(columnOf[i])];
  return sum;
}

TrackScores TrackScorer::scores() const {
  if (counts_.objects == 0) fail("tracks cannot be scored: no frame has an object to find");
  TrackScores s = counts_;
  s.mota = 1 - double(s.missed + s.falseBoxes + s.idSwitches) / double(s.objects);
  s.idf1 = 2 * identified() / double(s.objects + tracked_);
  return s;
}

}  // namespace dff
