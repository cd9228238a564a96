#include "core/eval/compare.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "app/command.h"
#include "core/base/file.h"
#include "core/data/dataset.h"

namespace dff {
namespace {

struct Arguments {
  CompareOptions compare;
  std::string output, json;
};

int run(const Arguments& a, const JobContext& job) {
  for (const auto& file : {a.output, a.json})
    if (!file.empty()) requireWritableParent(file);
  const CompareReport report = compare(a.compare, job);
  if (!a.json.empty()) writeJson(a.json, toJson(report));
  if (!a.output.empty()) writeFileAtomically(a.output, markdown(report));
  std::cout << markdown(report);
  return 0;
}

}  // namespace

std::function<int(const JobContext&)> declareCompare(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  app.add_option("models", a->compare.models, "model packages; the first is the per-frame oracle")->required();
  app.add_option("--dataset", a->compare.dataset, "labelled frames, KIND:FOLDER; kinds: " + knownDatasets())
      ->required();
  bindFlags(app, a->compare, {"dataset", "models"});
  app.add_option("-o,--output", a->output, "write the tables as Markdown");
  app.add_option("--json", a->json, "write everything as JSON");
  app.footer("The table of the paper: models that were trained in different ways, on the same frames.");
  return [a](const JobContext& job) { return run(*a, job); };
}

}  // namespace dff
