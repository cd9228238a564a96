#pragma once
#include <filesystem>
#include <fstream>
#include <vector>

#include "core/base/file.h"
#include "core/data/synthetic/synthesize.h"
#include "core/train/trainer.h"

// Trainings of a few steps on a network of a few channels, in a folder that holds a rendered street.
namespace dff::test {

/// One stage of `steps` steps with this loss; the street is called "street".
inline nlohmann::json tinyTraining(const std::string& loss, int steps, double lr = 3e-3) {
  nlohmann::json stage = {
      {"name", loss},     {"loss", loss},    {"steps", steps}, {"batch", 2},   {"lr", lr},
      {"warmup", 2},      {"width", 96},     {"height", 64},   {"max_gap", 3}, {"validate_every", 1000},
      {"scale_min", 0.9}, {"scale_max", 1.2}};
  nlohmann::json feature = {{"widths", {8, 8, 12, 12}}, {"depths", {1, 1, 1, 1}}, {"channels", 8}};
  return {{"name", "tiny"},
          {"seed", 4},
          {"data", {"synthetic:street"}},
          {"precision", "fp32"},
          {"model", {{"feature", feature}, {"flow", {{"width", 0.25}}}, {"input", nlohmann::json::object()}}},
          {"stages", {stage}}};
}

inline nlohmann::json withDetection(nlohmann::json config) {
  config["model"]["detection"] = {{"anchor_sizes", {12, 24, 48}}, {"group", 3}};
  return config;
}

inline void renderStreet(const std::filesystem::path& folder, int frames = 6) {
  SynthOptions synth;
  synth.street.frames = frames;
  synth.street.width = 128;
  synth.street.height = 96;
  synth.output = folder.string();
  synthesize(synth, {});
}

/// Writes the configuration beside its output folder, which is called `output`.
inline TrainOptions trainOptions(const std::filesystem::path& root, const nlohmann::json& config,
                                 const std::string& output) {
  writeJson(root / (output + ".json"), config);
  TrainOptions o;
  o.config = (root / (output + ".json")).string();
  o.output = (root / output).string();
  o.dataRoot = root.string();
  o.threads = 1;
  return o;
}

/// Runs until `step` is done, then stops as Ctrl-C would; throws what the training throws.
inline void trainUntil(const TrainOptions& options, int step) {
  std::stop_source stop;
  JobContext job;
  job.stop = stop.get_token();
  job.onProgress = [&](const Progress& p) {
    if (p.done == step) stop.request_stop();
  };
  train(options, job);
}

/// The values of one key in a training's log.
inline std::vector<double> logged(const std::filesystem::path& output, const std::string& key) {
  std::vector<double> values;
  std::ifstream log(output / "log.jsonl");
  for (std::string line; std::getline(log, line);)
    if (const auto row = nlohmann::json::parse(line); row.contains(key)) values.push_back(row[key]);
  return values;
}

}  // namespace dff::test
