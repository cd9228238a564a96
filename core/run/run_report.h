#pragma once
#include <array>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/task/prediction.h"

namespace dff {

/// Milliseconds of the networks for one frame, prepare to post. What boxes cost is apart: Stage::Detect.
double inferenceMs(const StageTimes& times);

/// All that an engine did for one frame: the same, and boxes.
double engineMs(const StageTimes& times);

/// What a run did and what it cost.
struct RunReport {
  int64_t frames = 0;
  int64_t keyFrames = 0;
  double seconds = 0;                               ///< from the first frame asked for to the last written
  double loadSeconds = 0;                           ///< loading of the model
  std::array<std::vector<float>, kStages> stageMs;  ///< one value a frame that went through the stage
  std::string modelName, modelSha256;
  std::vector<std::string> warnings;

  void add(const Result& result);
  double fps() const { return seconds > 0 ? double(frames) / seconds : 0; }
};

/// The schema of `--json`: schema_version, frames, key_frames, seconds, load_seconds, fps, stages {count, total_ms,
/// median_ms}, peak_rss_bytes, model {name, sha256}, options, warnings.
nlohmann::json toJson(const RunReport& report, const nlohmann::json& options);

/// The same as a table for people.
std::string summary(const RunReport& report);

/// Largest resident memory of this process so far, bytes.
int64_t peakResidentBytes();

}  // namespace dff
