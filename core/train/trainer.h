#pragma once
#include <filesystem>
#include <string>

#include "core/base/fields.h"
#include "core/base/job.h"

namespace dff {

/// What `dff train` is told.
struct TrainOptions {
  std::string config;  ///< JSON file, see TrainConfig
  std::string output;  ///< folder for checkpoint, log and packages
  std::string dataRoot = ".";
  bool resume = false;
  int threads = 0;  ///< 0: one a core
};
template <class V>
void fields(TrainOptions& o, V&& v) {
  v("config", o.config, "training configuration");
  v("output", o.output, "folder for checkpoint, log and packages");
  v("data", o.dataRoot, "folder that the configuration's data paths start from");
  v("resume", o.resume, "go on from the checkpoint in the output folder");
  v("threads", o.threads, "threads; 0: one a core", Bounds{0, 1024});
}

struct TrainReport {
  int64_t steps = 0;  ///< of this run
  double lastLoss = 0;
  double best = -1;     ///< best validation score (see Validation); below 0: none was made
  std::string package;  ///< folder of the best package
};

/// Trains a model through the stages of its configuration. Writes into the output folder: `log.jsonl`, `curves.html`
/// (the same drawn, see writeTrainingReport), `checkpoint.safetensors` (exact resumption), `best/` and `last/` (model
/// packages, averaged weights). Stops with an Error, weights intact, when the loss is no longer finite.
TrainReport train(const TrainOptions& options, const JobContext& job);

}  // namespace dff
