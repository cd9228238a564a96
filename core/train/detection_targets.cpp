#include "core/train/detection_targets.h"

#include <cmath>
#include <random>

namespace dff {
namespace {

constexpr float kMostlyIgnored = 0.5f;  // share of a box on ignored ground that makes it neither object nor background

/// The anchor's best object so far, and whether ignored ground has it.
struct Match {
  float iou = 0;
  int object = -1;
  bool best = false;
  bool ignored = false;
};

/// Calls visit(index, anchor) for every anchor that may overlap the box: far fewer than there are.
template <class Visit>
void forAnchorsNear(const AnchorGrid& grid, const Box& box, const Visit& visit) {
  const auto cell = [&](float position, int64_t cells) {
    return std::clamp<int64_t>(int64_t(std::floor(position / float(grid.stride))), 0, cells - 1);
  };
  const auto n = int64_t(grid.shapes.size());
  for (int64_t a = 0; a < n; ++a) {
    const Box& s = grid.shapes[size_t(a)];
    const int64_t x0 = cell(box.x1 - s.x2 - 1, grid.columns), x1 = cell(box.x2 - s.x1 + 1, grid.columns);
    const int64_t y0 = cell(box.y1 - s.y2 - 1, grid.rows), y1 = cell(box.y2 - s.y1 + 1, grid.rows);
    for (int64_t y = y0; y <= y1; ++y)
      for (int64_t x = x0; x <= x1; ++x) visit((y * grid.columns + x) * n + a, grid.at(y, x, size_t(a)));
  }
}

void matchObject(const AnchorGrid& grid, const Box& object, int number, std::vector<Match>& matches) {
  float best = 0;
  std::vector<int64_t> bestOnes;
  forAnchorsNear(grid, object, [&](int64_t i, const Box& anchor) {
    const float overlap = iou(anchor, object);
    Match& m = matches[size_t(i)];
    if (overlap > m.iou && !m.best) m.iou = overlap, m.object = number;
    if (overlap > best) best = overlap, bestOnes.clear();
    if (overlap == best && overlap > 0) bestOnes.push_back(i);
  });
  for (const int64_t i : bestOnes) {
    Match& m = matches[size_t(i)];
    if (m.best && m.iou >= best) continue;
    m = {best, number, true, m.ignored};
  }
}

bool onIgnored(const Box& box, const Box& ignored, double background) {
  const float shared = intersection(box, ignored);
  return shared > kMostlyIgnored * box.area() || shared >= background * (box.area() + ignored.area() - shared);
}

std::vector<Match> matchAll(const AnchorGrid& grid, const Truth& truth, const DetectionTraining& options) {
  std::vector<Match> matches(static_cast<size_t>(grid.size()));
  for (size_t i = 0; i < truth.objects.size(); ++i) matchObject(grid, truth.objects[i], int(i), matches);
  for (const Box& ignored : truth.ignored)
    forAnchorsNear(grid, ignored, [&](int64_t i, const Box& anchor) {
      if (onIgnored(anchor, ignored, options.anchorBackground)) matches[size_t(i)].ignored = true;
    });
  return matches;
}

/// Keeps `count` at random; the same on every platform.
void thin(std::vector<int64_t>& list, size_t count, std::mt19937_64& random) {
  if (list.size() <= count) return;
  for (size_t i = 0; i < count; ++i) std::swap(list[i], list[i + random() % (list.size() - i)]);
  list.resize(count);
}

}  // namespace

Truth truthOf(const std::vector<LabelledBox>& boxes) {
  Truth truth;
  for (const auto& b : boxes) {
    if (b.ignore) {
      truth.ignored.push_back(boxOf(b.box));
    } else {
      truth.objects.push_back(boxOf(b.box));
      truth.classes.push_back(b.classIndex);
    }
  }
  return truth;
}

AnchorTargets anchorTargets(const AnchorGrid& grid, const Truth& truth, const DetectionSpec& spec,
                            const DetectionTraining& options, uint64_t seed) {
  const auto matches = matchAll(grid, truth, options);
  AnchorTargets targets;
  for (size_t i = 0; i < matches.size(); ++i) {
    const Match& m = matches[i];
    if (m.best || m.iou >= options.anchorForeground)
      targets.objects.push_back(int64_t(i));
    else if (m.iou < options.anchorBackground && !m.ignored)
      targets.background.push_back(int64_t(i));
  }
  std::mt19937_64 random(seed);
  thin(targets.objects, size_t(options.anchorSamples) / 2, random);
  thin(targets.background, size_t(options.anchorSamples) - targets.objects.size(), random);
  for (const int64_t i : targets.objects)
    targets.deltas.push_back(encoded(truth.objects[size_t(matches[size_t(i)].object)], grid.at(i), spec.anchorStds));
  return targets;
}

RegionTargets regionTargets(const std::vector<Box>& regions, const Truth& truth, const DetectionSpec& spec,
                            const DetectionTraining& options) {
  RegionTargets targets;
  for (const Box& region : regions) {
    float best = 0;
    size_t object = 0;
    for (size_t i = 0; i < truth.objects.size(); ++i)
      if (const float overlap = iou(region, truth.objects[i]); overlap > best) best = overlap, object = i;
    const bool isObject = best > 0 && best >= options.regionForeground;
    const bool ignored = std::any_of(truth.ignored.begin(), truth.ignored.end(),
                                     [&](const Box& b) { return onIgnored(region, b, options.regionForeground); });
    targets.classes.push_back(isObject ? truth.classes[object] + 1 : ignored ? -1 : 0);
    targets.deltas.push_back(isObject ? encoded(truth.objects[object], region, spec.regionStds)
                                      : std::array<float, 4>{});
  }
  return targets;
}

}  // namespace dff
