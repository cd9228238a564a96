#include "core/train/train_options.h"

#include "core/base/file.h"
#include "core/data/dataset.h"
#include "core/task/task.h"

namespace dff {
namespace {

/// A model without classes of its own has CamVid's.
nlohmann::json withClasses(nlohmann::json model) {
  if (model.is_object() && !model.contains("classes")) {
    ModelSpec camvid;
    camvid.classes = camvidClasses();
    model["classes"] = toJson(camvid)["classes"];
  }
  return model;
}

struct TopLevel {
  TrainConfig& config;
  nlohmann::json model, stages;
};
template <class V>
void fields(TopLevel& t, V&& v) {
  v("name", t.config.name, "name of the package");
  v("seed", t.config.seed, "seed");
  v("init_from", t.config.initFrom, "package to start from");
  v("init_mean", t.config.initMean, "packages whose mean with init_from is the start");
  v("flow_from", t.config.flowFrom, "package whose flow network is the start");
  v("data", t.config.data, "training data");
  v("validation", t.config.validation, "validation data");
  v("precision", t.config.precision, "auto, fp32 or bf16");
  v("model", t.model, "architecture");
  v("stages", t.stages, "legs");
}

}  // namespace

TrainConfig readTrainConfig(const std::filesystem::path& path) {
  TrainConfig config;
  config.source = readJson(path);
  const std::string where = path.string();
  TopLevel top{config, {}, {}};
  fromJson(config.source, top, where);
  config.model = modelSpecFromJson(withClasses(top.model), where + ": model");
  if (config.data.empty()) fail(where, ": \"data\" names no data set");
  if (!top.stages.is_array() || top.stages.empty()) fail(where, ": \"stages\" must list at least one stage");
  for (const auto& stage : top.stages) {
    config.stages.emplace_back();
    fromJson(stage, config.stages.back(), where + ": stages");
    const std::string& freeze = config.stages.back().freeze;
    if (!freeze.empty() && freeze != "feature" && freeze != "flow")
      fail(where, ": stage \"", config.stages.back().name, "\": unknown freeze \"", freeze, "\"; known: feature, flow");
    carriesLogits(config.stages.back().split, config.model);  // or a sentence
    if (config.stages.back().augment.width % 16 || config.stages.back().augment.height % 16)
      fail(where, ": stage \"", config.stages.back().name, "\": width and height must be multiples of 16");
  }
  return config;
}

}  // namespace dff
