#include "core/eval/evaluate.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "app/command.h"
#include "core/base/file.h"
#include "core/data/dataset.h"
#include "core/schedule/key_policy.h"

namespace dff {
namespace {

struct Arguments {
  EvalOptions eval;
  std::string json, csv, plot;
};

int run(const Arguments& a, const JobContext& job) {
  for (const auto& file : {a.json, a.csv, a.plot})
    if (!file.empty()) requireWritableParent(file);
  if (!a.plot.empty()) requireFigureName(a.plot);
  const EvalReport report = evaluate(a.eval, job);
  if (!a.json.empty()) writeJson(a.json, toJson(report));
  if (!a.csv.empty()) writeFileAtomically(a.csv, csvOf(report));
  if (!a.plot.empty()) writeFigure(a.plot, figureOf(report));
  std::cout << summary(report);
  return 0;
}

}  // namespace

std::function<int(const JobContext&)> declareEval(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  app.add_option("--dataset", a->eval.dataset, "labelled frames, KIND:FOLDER; kinds: " + knownDatasets())->required();
  bindFlags(app, a->eval, {"dataset"});
  app.add_option("--json", a->json, "write the rows as JSON");
  app.add_option("--csv", a->csv, "write every interval and distance as one line of a CSV file");
  app.add_option("--plot", a->plot, "draw everything against interval and distance, .png or .svg");
  app.footer(
      "Every labelled frame with index >= 9 is segmented from the key frame d frames before it; the figure of an\n"
      "interval l is the mean of the mIoU over d = 0 .. l-1 (the protocol of the paper). Two-sided and nearest read "
      "the\n"
      "next key too, l frames after the first or at the last frame, which is not scored then.\n\nA policy (--policy) "
      "is run over the whole video for every interval above 1 with as many "
      "keys as the fixed\ninterval has, whose mean over several offsets stands beside it:\n" +
      helpOfPolicies());
  return [a](const JobContext& job) { return run(*a, job); };
}

}  // namespace dff
