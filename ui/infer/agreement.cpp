#include "ui/infer/agreement.h"

namespace dff::ui {

void Agreement::add(int64_t frame, int interval, bool isKey, double share) {
  Sampled& sampled = byInterval_[interval];
  if (!sampled.frames.insert(frame).second) return;
  Mean& mean = isKey ? sampled.keys : sampled.others;
  mean.sum += share;
  ++mean.count;
}

bool Agreement::has(int64_t frame, int interval) const {
  const auto found = byInterval_.find(interval);
  return found != byInterval_.end() && found->second.frames.count(frame) > 0;
}

int64_t Agreement::count(int interval, bool ofKeys) const {
  const auto found = byInterval_.find(interval);
  if (found == byInterval_.end()) return 0;
  return ofKeys ? found->second.keys.count : found->second.others.count;
}

int64_t Agreement::samples() const {
  int64_t all = 0;
  for (const auto& [interval, sampled] : byInterval_) all += int64_t(sampled.frames.size());
  return all;
}

std::optional<double> Agreement::atInterval(int interval) const {
  std::pair<int, double> below{1, 1.0};
  if (interval <= 1) return 1;
  for (const auto& [at, sampled] : byInterval_) {
    if (at == kPlanned || sampled.others.count == 0) continue;
    const double share = (sampled.keys.value() + (at - 1) * sampled.others.value()) / at;
    if (at >= interval) return below.second + (share - below.second) * (interval - below.first) / (at - below.first);
    below = {at, share};
  }
  return std::nullopt;
}

std::optional<double> Agreement::ofPlan(double keyShare) const {
  const auto found = byInterval_.find(kPlanned);
  if (found == byInterval_.end() || found->second.others.count == 0) return std::nullopt;
  return keyShare * found->second.keys.value() + (1 - keyShare) * found->second.others.value();
}

std::vector<std::pair<int, double>> Agreement::curve(int maxInterval) const {
  std::vector<std::pair<int, double>> points;
  for (int interval = 1; interval <= maxInterval; ++interval)
    if (const auto share = atInterval(interval)) points.emplace_back(interval, *share);
  return points;
}

}  // namespace dff::ui
