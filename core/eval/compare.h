#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/base/fields.h"
#include "core/base/job.h"
#include "core/eval/evaluate.h"

namespace dff {

/// What `dff compare` is told.
struct CompareOptions {
  std::string dataset;              ///< "KIND:PATH"
  std::vector<std::string> models;  ///< package folders or names; the first is the per-frame oracle
  std::vector<int> intervals = {1, 2, 3, 5, 10};
  std::vector<std::string> flows = {"copy", "dis", "deepflow", "farneback"};
  EngineOptions engine;  ///< its flow is replaced: the models' own, and each of `flows`
  int threads = 0;
};
template <class V>
void fields(CompareOptions& o, V&& v) {
  v("dataset", o.dataset, "labelled frames, KIND:FOLDER");
  v("models", o.models, "model packages: folders, or names of shipped ones");
  v("interval", o.intervals, "key-frame intervals, l1,l2,...");
  v("flow", o.flows, "flow sources that the first model is measured with beside its own, a,b,...");
  fields(o.engine, [&](const char* name, auto& member, const char* help, Bounds bounds = {}) {
    if (std::string_view(name) != "flow") v(name, member, help, bounds);
  });
  v("threads", o.threads, "threads of the networks; 0: one a core", Bounds{0, 1024});
}

/// One evaluation a model, in the order of the options.
struct CompareReport {
  std::string dataset;
  std::vector<EvalReport> models;
};

/// Evaluates several models on the same frames (the paper's table 4): each with its own flow network, the first also
/// with other flow sources. Throws Error as evaluate() does.
CompareReport compare(const CompareOptions& options, const JobContext& job);

/// Tables of mIoU, AP50 (where boxes are known) and time, a line for each model and flow source, a column for each
/// interval; the first line is the first model run on every frame.
std::string markdown(const CompareReport& report);
nlohmann::json toJson(const CompareReport& report);

}  // namespace dff
