#include "core/run/run_report.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>

namespace dff {
namespace {

double total(const std::vector<float>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

double median(std::vector<float> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

double inferenceMs(const StageTimes& times) {
  double sum = 0;
  for (Stage s : {Stage::Prepare, Stage::Features, Stage::Flow, Stage::Warp, Stage::Head, Stage::Post})
    sum += std::max(0.0, times[s]);
  return sum;
}

double engineMs(const StageTimes& times) { return inferenceMs(times) + std::max(0.0, times[Stage::Detect]); }

int64_t peakResidentBytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return int64_t(usage.ru_maxrss) * 1024;
}

void RunReport::add(const Result& result) {
  ++frames;
  keyFrames += result.isKey;
  for (size_t s = 0; s < kStages; ++s)
    if (result.times.ms[s] >= 0) stageMs[s].push_back(float(result.times.ms[s]));
}

nlohmann::json toJson(const RunReport& r, const nlohmann::json& options) {
  nlohmann::json stages;
  for (size_t s = 0; s < kStages; ++s)
    stages[kStageNames[s]] = {
        {"count", r.stageMs[s].size()}, {"total_ms", total(r.stageMs[s])}, {"median_ms", median(r.stageMs[s])}};
  return {{"schema_version", 1},
          {"frames", r.frames},
          {"key_frames", r.keyFrames},
          {"seconds", r.seconds},
          {"load_seconds", r.loadSeconds},
          {"fps", r.fps()},
          {"stages", stages},
          {"peak_rss_bytes", peakResidentBytes()},
          {"model", {{"name", r.modelName}, {"sha256", r.modelSha256}}},
          {"options", options},
          {"warnings", r.warnings}};
}

std::string summary(const RunReport& r) {
  char line[160];
  std::snprintf(line, sizeof line, "%lld frames, %lld key frames, %.2f s, %.1f frames per second\n",
                (long long)r.frames, (long long)r.keyFrames, r.seconds, r.fps());
  std::string table = line;
  std::snprintf(line, sizeof line, "  %-10s %8s %12s %12s\n", "stage", "frames", "median ms", "total ms");
  table += line;
  for (size_t s = 0; s < kStages; ++s) {
    if (r.stageMs[s].empty()) continue;
    std::snprintf(line, sizeof line, "  %-10s %8zu %12.2f %12.1f\n", kStageNames[s], r.stageMs[s].size(),
                  median(r.stageMs[s]), total(r.stageMs[s]));
    table += line;
  }
  return table;
}

}  // namespace dff
