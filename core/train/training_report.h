#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace dff {

/// Where a training stands, for people who look at it while it runs.
struct TrainingStand {
  std::string name;                ///< of the model
  std::string state = "running";   ///< or why it does not
  std::string stage;               ///< the present one
  int64_t number = 0, stages = 0;  ///< of the stage, from 1; how many there are
  int64_t step = 0, steps = 0;     ///< within the stage
  double stepsPerSecond = 0;       ///< of the stage
  double secondsLeft = 0;          ///< of the whole training, from the pixels that the stages have left
};

/// Rewrites `curves.html` in the output folder, atomically, from the `log.jsonl` beside it: loss and its parts,
/// learning rate and validation of every stage as inline SVG. The page needs no other file and loads itself anew while
/// the training runs. Throws Error when it cannot be written.
void writeTrainingReport(const std::filesystem::path& output, const TrainingStand& stand);

}  // namespace dff
