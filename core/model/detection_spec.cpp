#include "core/model/detection_spec.h"

#include <algorithm>
#include <cmath>

namespace dff {
namespace {

bool allWithin(const std::vector<double>& values, double least, double most) {
  return std::all_of(values.begin(), values.end(), [&](double v) { return v >= least && v <= most; });
}

}  // namespace

void checkDetection(const DetectionSpec& s, const std::string& where) {
  if (s.classes.empty() || s.classes.size() > 254) fail(where, ": detection.classes must hold 1 to 254 classes");
  if (s.anchorSizes.empty() || s.anchorRatios.empty() || s.anchors() > 200)
    fail(where, ": detection needs 1 to 200 anchors, anchor_sizes x anchor_ratios, not ", s.anchors());
  if (!allWithin(s.anchorSizes, 1, 10000) || !allWithin(s.anchorRatios, 0.01, 100))
    fail(where, ": detection.anchor_sizes must lie in 1 .. 10000 and anchor_ratios in 0.01 .. 100");
  for (const auto& stds : {s.anchorStds, s.regionStds})
    for (const float std : stds)
      if (!(std > 0) || !std::isfinite(std)) fail(where, ": detection.anchor_stds and region_stds must be above 0");
}

}  // namespace dff
