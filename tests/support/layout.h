#pragma once
#include <torch/torch.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/model/dff_model.h"
#include "core/model/foreign_names.h"

// The names and shapes of the authors' files, and a model's tensors under those names.
namespace dff::test {

struct LayoutRow {
  std::string name;
  std::vector<int64_t> shape;
  bool isArg = true, optional = false;
  int64_t count() const {
    int64_t n = 1;
    for (const int64_t side : shape) n *= side;
    return n;
  }
};

inline std::vector<LayoutRow> layout(const std::string& task) {
  std::vector<LayoutRow> rows;
  for (const auto& row : readJson(DFF_TEST_DATA "/mxnet_layout_" + task + ".json"))
    rows.push_back({row.at("name"), row.at("shape"), row.at("kind") == "arg", row.value("optional", false)});
  return rows;
}

/// Every tensor of a model under each name that the authors' files may have for it.
inline std::map<std::string, torch::Tensor> byMxnetName(const torch::nn::Module& model) {
  std::map<std::string, torch::Tensor> all;
  for (const auto& [ours, tensor] : namedTensors(model))
    for (const auto& theirs : mxnetNames(ours)) all[theirs] = tensor;
  return all;
}

}  // namespace dff::test
