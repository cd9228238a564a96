#include "ui/infer/agreement.h"

namespace dff::ui {

void Agreement::add(int64_t frame, int distance, double share) {
  if (!done_.insert({frame, distance}).second) return;
  auto& mean = byDistance_[distance];
  mean.sum += share;
  ++mean.count;
}

/// Linear between the sampled distances; a key frame agrees with itself.
double Agreement::atDistance(int distance) const {
  if (distance == 0) return 1;
  const auto above = byDistance_.lower_bound(distance);
  if (above->first == distance) return above->second.value();
  const int lower = above == byDistance_.begin() ? 0 : std::prev(above)->first;
  const double from = lower == 0 ? 1 : std::prev(above)->second.value();
  const double part = double(distance - lower) / (above->first - lower);
  return from + part * (above->second.value() - from);
}

std::optional<double> Agreement::atInterval(int interval) const {
  const int farthest = byDistance_.empty() ? 0 : byDistance_.rbegin()->first;
  if (interval - 1 > farthest) return std::nullopt;
  double sum = 0;
  for (int d = 0; d < interval; ++d) sum += atDistance(d);
  return sum / interval;
}

std::vector<std::pair<int, double>> Agreement::curve(int maxInterval) const {
  std::vector<std::pair<int, double>> points;
  for (int interval = 1; interval <= maxInterval; ++interval)
    if (const auto share = atInterval(interval)) points.emplace_back(interval, *share);
  return points;
}

}  // namespace dff::ui
