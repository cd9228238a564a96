#include "ui/infer/cost_meter.h"

#include <algorithm>
#include <vector>

namespace dff::ui {
namespace {

double median(const std::deque<StageTimes>& frames, Stage stage) {
  std::vector<double> ms;
  for (const StageTimes& times : frames) ms.push_back(std::max(0.0, times[stage]));
  if (ms.empty()) return 0;
  std::nth_element(ms.begin(), ms.begin() + std::ptrdiff_t(ms.size() / 2), ms.end());
  return ms[ms.size() / 2];
}

constexpr Stage kComputing[] = {Stage::Prepare, Stage::Features, Stage::Flow,  Stage::Warp,
                                Stage::Head,    Stage::Post,     Stage::Detect};

double total(const std::deque<StageTimes>& frames) {
  double sum = 0;
  for (Stage stage : kComputing) sum += median(frames, stage);
  return sum;
}

}  // namespace

void CostMeter::add(const StageTimes& times, bool isKey) {
  auto& frames = isKey ? keys_ : others_;
  frames.push_back(times);
  if (frames.size() > kKept) frames.pop_front();
}

CostReading CostMeter::reading(double keyShare) const {
  CostReading r;
  r.known = !keys_.empty() && (!others_.empty() || keyShare >= 1);
  r.keyMs = total(keys_);
  r.otherMs = total(others_);
  const double other = 1 - keyShare;
  r.meanMs = keyShare * r.keyMs + other * r.otherMs;
  r.speedUp = r.meanMs > 0 ? r.keyMs / r.meanMs : 1;
  r.features = keyShare * median(keys_, Stage::Features);
  const auto both = [&](Stage stage) { return keyShare * median(keys_, stage) + other * median(others_, stage); };
  r.flow = both(Stage::Flow);  // keys have some of it where they are blended
  r.warp = both(Stage::Warp);
  r.heads = r.meanMs - r.features - r.flow - r.warp;
  return r;
}

}  // namespace dff::ui
