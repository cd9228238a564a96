#include "ui/infer/inference_state.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

namespace dff::ui {
namespace {

constexpr size_t kMostResultBytes = 128u << 20;
constexpr int64_t kSegments[] = {0, 1, -1, 2, -2};  // where samples are taken, in intervals from the playhead
/// Where within an interval, one round after the other: spread, so that few samples give the mean.
constexpr double kSamplePlaces[] = {0.5, 0.15, 0.85, 0.35};

template <class Map>
auto farthestFrom(Map& map, int64_t centre) {
  auto last = std::prev(map.end());
  return std::abs(map.begin()->first - centre) > std::abs(last->first - centre) ? map.begin() : last;
}

size_t bytesOf(const Overlaid& o) {
  return o.picture.total() * 3 + o.result.labels.total() + o.result.keyFromCur.total() * 8;
}

}  // namespace

TimedFeaturePtr InferenceState::feature(int64_t index) const {
  const auto found = features.find(index);
  return found == features.end() ? nullptr : found->second;
}

std::optional<FeaturesAround> InferenceState::featuresOf(const KeysAround& keys) const {
  for (int64_t key : named(keys))
    if (!features.count(key)) return std::nullopt;
  return FeaturesAround{feature(keys.before), feature(keys.previous), feature(keys.next), feature(keys.after)};
}

bool InferenceState::stillWanted(uint64_t taskGeneration, int64_t frame, const KeysAround& keys) const {
  return taskGeneration == generation && clip && inClip(frame) && keys == tuning.keys.keysAround(frame);
}

bool InferenceState::overlayIsDue() const {
  if (focus.playing || !focus.overlays || !painter || !inClip(focus.frame) || results.count(focus.frame)) return false;
  return ring.has(focus.frame) && features.count(tuning.keys.keyOf(focus.frame));
}

bool InferenceState::inspectionIsRight() const {
  return inspection && stillWanted(inspectionGeneration, inspection->current->index, inspection->keys);
}

bool InferenceState::canSample(const Sample& sample, bool ready) const {
  if (!inClip(sample.frame) || agreement.has(sample.frame, sample.interval)) return false;
  std::vector<int64_t> frames = named(sample.keys);
  frames.push_back(sample.frame);
  const auto there = [&](int64_t i) { return features.count(i) > 0; };
  const bool all = std::all_of(frames.begin(), frames.end(), there);
  if (ready) return all && ring.has(sample.frame);
  return !all && std::all_of(frames.begin(), frames.end(), [&](int64_t i) { return ring.has(i); });
}

/// Round 0 samples a key frame.
std::optional<InferenceState::Sample> InferenceState::sampleAt(int interval, int round, bool ready) const {
  KeySchedule schedule = tuning.keys;
  if (interval != kPlanned) {
    schedule.interval = interval;
    schedule.planned.clear();
  }
  for (int64_t segment : kSegments) {
    const int64_t near = focus.frame + segment * schedule.interval;
    const int64_t key = schedule.keyOf(std::clamp<int64_t>(near, 0, clip->frames() - 1));
    const auto gap = double(interval != kPlanned ? interval : schedule.keyAfter(key) - key);
    const int64_t past = round == 0 ? 0 : 1 + int64_t((gap - 1) * kSamplePlaces[size_t(round - 1)]);
    const Sample sample{key + past, interval, schedule.keysAround(key + past)};
    if ((sample.keys.previous == sample.frame) == (round == 0) && canSample(sample, ready)) return sample;
  }
  return std::nullopt;
}

std::optional<InferenceState::Sample> InferenceState::nextSample(bool ready) const {
  std::vector<int> intervals = {tuning.keys.planned.empty() ? tuning.keys.interval : kPlanned};
  intervals.insert(intervals.end(), std::begin(kSampledIntervals), std::end(kSampledIntervals));
  for (int round = tuning.keys.blends ? 0 : 1; round <= int(std::size(kSamplePlaces)); ++round)
    for (int interval : intervals) {
      if (interval == 1 || agreement.count(interval, round == 0) >= std::max(1, round)) continue;
      if (const auto sample = sampleAt(interval, round, ready)) return sample;
    }
  return std::nullopt;
}

double InferenceState::frameCost(bool key) const {
  const CostReading reading = costs.reading(0.5);
  return key ? reading.keyMs : reading.otherMs;
}

void InferenceState::remakePainter() {
  painter.reset();
  if (clip && package)
    painter = std::make_shared<OverlayPainter>(
        package->spec.classes, layers, cv::Size(clip->info.width, clip->info.height),
        package->spec.detection ? package->spec.detection->classes : std::vector<ClassInfo>());
}

void InferenceState::dropResults() {
  ++generation;
  results.clear();
  resultBytes = 0;
  notes.assign(clip ? size_t(clip->frames()) : 0, {});
}

void InferenceState::dropStale(const KeySchedule& before) {
  for (auto it = results.begin(); it != results.end();) {
    const bool right = it->second->keys == tuning.keys.keysAround(it->first);
    if (!right) resultBytes -= bytesOf(*it->second);
    it = right ? std::next(it) : results.erase(it);
  }
  forgetNotes(before);
}

/// Where only cuts, pins or planned keys are others, the frames round them.
void InferenceState::forgetNotes(const KeySchedule& before) {
  constexpr int kFarthest = 3;  // keys from a frame to the farthest one that it depends on
  const KeySchedule& now = tuning.keys;
  KeySchedule alike = before;
  alike.cuts = now.cuts;
  alike.pins = now.pins;
  alike.planned = now.planned;
  if (!(alike == now)) return notes.assign(notes.size(), {});
  std::set<int64_t> others;
  for (const auto places : {&KeySchedule::cuts, &KeySchedule::pins, &KeySchedule::planned})
    std::set_symmetric_difference((before.*places).begin(), (before.*places).end(), (now.*places).begin(),
                                  (now.*places).end(), std::inserter(others, others.end()));
  for (int64_t place : others) {
    int64_t first = place, last = place;
    for (const KeySchedule* schedule : {&before, &now}) {
      int64_t down = place, up = place;
      for (int n = 0; n < kFarthest; ++n) down = std::max<int64_t>(0, schedule->keyOf(std::max<int64_t>(0, down - 1)));
      for (int n = 0; n < kFarthest; ++n) up = schedule->keyAfter(up);
      first = std::min(first, down);
      last = std::max(last, up);
    }
    for (int64_t i = first; i <= std::min<int64_t>(last, int64_t(notes.size()) - 1); ++i)
      if (before.keysAround(i) != now.keysAround(i)) notes[size_t(i)] = {};
  }
}

/// The oldest one goes first, but none that the frame on screen or its neighbours come from.
void InferenceState::keepFeature(int64_t index, TimedFeaturePtr feature) {
  features[index] = std::move(feature);
  made_.remove_if([&](int64_t i) { return i == index || !features.count(i); });
  made_.push_back(index);
  std::set<int64_t> needed = {focus.frame};
  for (int64_t i : {focus.frame - kNeighbours, focus.frame, focus.frame + kNeighbours})
    for (int64_t key : named(tuning.keys.keysAround(std::max<int64_t>(0, i)))) needed.insert(key);
  for (auto it = made_.begin(); it != made_.end() && features.size() > kMostFeatures;) {
    const bool keep = needed.count(*it) > 0;
    if (!keep) features.erase(*it);
    it = keep ? std::next(it) : made_.erase(it);
  }
}

void InferenceState::keepResult(int64_t index, OverlaidPtr result) {
  auto& slot = results[index];
  if (slot) resultBytes -= bytesOf(*slot);
  resultBytes += bytesOf(*result);
  slot = std::move(result);
  while (resultBytes > kMostResultBytes && results.size() > 1) {
    const auto farthest = farthestFrom(results, focus.frame);
    resultBytes -= bytesOf(*farthest->second);
    results.erase(farthest);
  }
}

int networkThreads() { return std::max(1, int(std::thread::hardware_concurrency()) / 2); }

}  // namespace dff::ui
