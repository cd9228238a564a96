#include "core/train/checkpoint.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/model/weights.h"

namespace dff {
namespace {

/// All the digits, so that a resumed training compares as the uninterrupted one would.
std::string exactly(double value) {
  char digits[40];
  std::snprintf(digits, sizeof digits, "%.17g", value);
  return digits;
}

torch::Tensor bytesOf(const torch::optim::Optimizer& optimizer) {
  std::ostringstream stream;
  torch::save(optimizer, stream);
  const std::string bytes = std::move(stream).str();
  return torch::from_blob(const_cast<char*>(bytes.data()), {int64_t(bytes.size())}, torch::kByte).clone();
}

/// Refuses to go on from what another training left.
void requireSame(const std::string& theirs, const std::string& ours, const std::string& where) {
  if (theirs == ours) return;
  const auto before = nlohmann::json::parse(theirs), now = nlohmann::json::parse(ours);
  const auto changes =
      nlohmann::json::diff(before.value("model", nlohmann::json()), now.value("model", nlohmann::json()));
  if (!changes.empty())
    fail(where, " holds a model of another architecture: \"model", changes[0]["path"].get<std::string>(),
         "\" is not the same; choose another output folder, or leave out --resume");
  fail(where, " was made by another training configuration; choose another output folder, or leave out --resume");
}

}  // namespace

void saveCheckpoint(const std::filesystem::path& path, const TrainedNets& nets, const TrainState& state,
                    const torch::optim::Optimizer& optimizer, const std::string& config) {
  NamedTensors tensors;
  for (const auto& [name, tensor] : namedTensors(nets)) tensors.emplace_back("net." + name, tensor);
  for (const auto& [name, tensor] : state.averaged) tensors.emplace_back("ema." + name, tensor);
  tensors.emplace_back("optimizer", bytesOf(optimizer));
  const std::map<std::string, std::string> metadata = {{"stage", std::to_string(state.stage)},
                                                       {"step", std::to_string(state.step)},
                                                       {"total", std::to_string(state.total)},
                                                       {"best", exactly(state.best)},
                                                       {"config", config}};
  writeFileAtomically(path, toSafetensors(tensors, metadata));
}

CheckpointReader::CheckpointReader(const std::filesystem::path& path, const std::string& config) : path_(path) {
  TensorFile file = readSafetensors(path);
  tensors_ = std::move(file.tensors);
  metadata_ = std::move(file.metadata);
  for (const char* key : {"stage", "step", "total", "best", "config"})
    if (!metadata_.count(key)) fail(path.string(), " is not a checkpoint: \"", key, "\" is missing");
  requireSame(metadata_["config"], config, path.string());
}

TrainState CheckpointReader::restore(TrainedNets& nets) const {
  TensorFile own;
  TrainState state;
  for (const auto& [name, tensor] : tensors_) {
    if (name.rfind("net.", 0) == 0) own.tensors.emplace(name.substr(4), tensor);
    if (name.rfind("ema.", 0) == 0) state.averaged.emplace(name.substr(4), tensor);
  }
  copyInto(nets, own, /*allowMissing=*/false, path_.string());
  state.stage = std::stoll(metadata_.at("stage"));
  state.step = std::stoll(metadata_.at("step"));
  state.total = std::stoll(metadata_.at("total"));
  state.best = std::stod(metadata_.at("best"));
  return state;
}

void CheckpointReader::restore(torch::optim::Optimizer& optimizer) const {
  const auto found = tensors_.find("optimizer");
  if (found == tensors_.end()) fail(path_.string(), " is not a checkpoint: the optimiser's state is missing");
  const auto& bytes = found->second;
  std::istringstream stream(std::string(static_cast<const char*>(bytes.data_ptr()), bytes.nbytes()));
  torch::load(optimizer, stream);
}

}  // namespace dff
