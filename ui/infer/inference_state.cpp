#include "ui/infer/inference_state.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cmath>

namespace dff::ui {
namespace {

constexpr size_t kMostFeatures = 28;
constexpr size_t kMostResultBytes = 128u << 20;
constexpr int64_t kSamplesPerDistance = 5;

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

bool InferenceState::sameScene(int64_t key, int64_t frame) const {
  const auto cut = tuning.keys.cuts.upper_bound(key);
  return cut == tuning.keys.cuts.end() || *cut > frame;
}

std::optional<InferenceState::Sample> InferenceState::nextSample(bool ready) const {
  for (int64_t round = 1; round <= kSamplesPerDistance; ++round)
    for (int distance : kSampledDistances) {
      if (agreement.count(distance) >= round) continue;
      for (const auto& [key, feature] : features) {
        const int64_t frame = key + distance;
        if (!inClip(frame) || agreement.has(frame, distance) || !sameScene(key, frame) || !ring.has(frame)) continue;
        if (ready == (features.count(frame) > 0)) return Sample{frame, distance};
      }
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
    painter =
        std::make_shared<OverlayPainter>(package->spec.classes, layers, cv::Size(clip->info.width, clip->info.height));
}

void InferenceState::dropResults() {
  ++generation;
  results.clear();
  resultBytes = 0;
  notes.assign(clip ? size_t(clip->frames()) : 0, {});
}

void InferenceState::keepFeature(int64_t index, TimedFeaturePtr feature) {
  features[index] = std::move(feature);
  while (features.size() > kMostFeatures) features.erase(farthestFrom(features, focus.frame));
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

void yieldToTheWindow(int nice) { setpriority(PRIO_PROCESS, id_t(gettid()), getpriority(PRIO_PROCESS, 0) + nice); }

int networkThreads() { return std::max(1, int(std::thread::hardware_concurrency()) / 2); }

}  // namespace dff::ui
