#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/data/augment.h"
#include "core/model/spec.h"
#include "core/train/detection_targets.h"

namespace dff {

/// One leg of a training: what is learnt, from what, for how long.
struct StageOptions {
  std::string name;
  std::string loss = "frame";  ///< row of the table in losses.cpp
  std::string freeze;          ///< "feature" (with the heads), "flow", or nothing
  int steps = 1000;
  int batch = 6;
  std::string optimizer = "adamw";
  double lr = 2e-3;  ///< at the start
  double lrEnd = 0;  ///< at the end, reached as lr_end + (lr - lr_end) (1 - t)^power
  double power = 0.9;
  int warmup = 50;  ///< steps
  double weightDecay = 0.02;
  double ema = 0.995;
  double auxWeight = 0.4;        ///< of the auxiliary segmentation loss
  double jaccardWeight = 0;      ///< of one less the soft IoU, beside the cross-entropy
  double flowWeight = 0.1;       ///< of the end-point error in joint training
  double consistencyWeight = 0;  ///< of the propagated feature's distance from the current frame's own, likewise
  std::string split = "auto";    ///< what pairs carry to segmentation, as in TaskOptions
  int maxGap = 10;               ///< of pairs, frames
  int validateEvery = 1000;
  AugmentOptions augment;
  DetectionTraining detection;
};
template <class V>
void fields(StageOptions& o, V&& v) {
  v("name", o.name, "name in logs");
  v("loss", o.loss, "frame, flow or joint");
  v("freeze", o.freeze, "what is left as it is: feature (with the heads), flow, or nothing");
  v("steps", o.steps, "optimiser steps", Bounds{0, 1e9});
  v("batch", o.batch, "examples a step", Bounds{1, 1024});
  v("optimizer", o.optimizer, "adamw or sgd");
  v("lr", o.lr, "learning rate at the start", Bounds{0, 100});
  v("lr_end", o.lrEnd, "learning rate at the end", Bounds{0, 100});
  v("power", o.power, "of the polynomial schedule", Bounds{0, 10});
  v("warmup", o.warmup, "steps of linear warm-up", Bounds{0, 1e6});
  v("weight_decay", o.weightDecay, "weight decay", Bounds{0, 10});
  v("ema", o.ema, "decay of the averaged weights", Bounds{0, 1});
  v("aux_weight", o.auxWeight, "weight of the auxiliary loss", Bounds{0, 10});
  v("jaccard_weight", o.jaccardWeight, "weight of the soft IoU loss", Bounds{0, 10});
  v("flow_weight", o.flowWeight, "weight of the end-point error in joint training", Bounds{0, 100});
  v("consistency_weight", o.consistencyWeight, "weight of the propagated feature's distance from the frame's own",
    Bounds{0, 100});
  v("split", o.split, "what pairs carry from key frames to segmentation: auto, feature or logits");
  v("max_gap", o.maxGap, "largest distance of key and current frame, frames", Bounds{0, 100});
  v("validate_every", o.validateEvery, "steps between validations", Bounds{1, 1e9});
  fields(o.augment, v);
  fields(o.detection, v);
}

/// A training: a model, its data and its legs. JSON of this shape is what `dff train` reads.
struct TrainConfig {
  std::string name = "model";
  uint64_t seed = 1;
  std::string initFrom;  ///< package whose weights are the start, relative to the configuration; empty: random
  std::vector<std::string> initMean;  ///< packages of which, with that one, the mean is the start
  std::string flowFrom;               ///< package whose flow network is the start instead, likewise; empty: none
  std::vector<std::string> data;      ///< "KIND:PATH", PATH relative to the data root
  std::string validation;             ///< "KIND:PATH", may be empty
  std::string precision = "auto";     ///< auto, fp32 or bf16
  ModelSpec model;
  std::vector<StageOptions> stages;
  nlohmann::json source;  ///< the file as it was, kept in checkpoints and packages
};

/// Reads and checks a configuration; throws Error naming the key.
TrainConfig readTrainConfig(const std::filesystem::path& path);

}  // namespace dff
