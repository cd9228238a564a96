#include "core/eval/sweep.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "app/command.h"
#include "core/base/file.h"
#include "core/eval/sweep_page.h"
#include "core/schedule/key_policy.h"

namespace dff {
namespace {

struct Arguments {
  SweepOptions sweep;
  std::string output, csv, json, plot;
};

/// Everything that is known so far, so that a run that is stopped has not been in vain.
void write(const Arguments& a, const SweepReport& report) {
  if (!a.output.empty()) writeFileAtomically(a.output, pageOf(report, a.sweep));
  if (!a.csv.empty()) writeFileAtomically(a.csv, toCsv(report));
  if (!a.json.empty()) writeJson(a.json, toJson(report));
  if (!a.plot.empty()) writeFigure(a.plot, figureOf(report));
}

int run(const Arguments& a, const JobContext& job) {
  for (const auto& file : {a.output, a.csv, a.json, a.plot})
    if (!file.empty()) requireWritableParent(file);
  if (!a.plot.empty()) requireFigureName(a.plot);
  const SweepReport report = sweep(a.sweep, job, [&](const SweepReport& known) { write(a, known); });
  std::cout << toCsv(report);
  return 0;
}

}  // namespace

std::function<int(const JobContext&)> declareSweep(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  app.add_option("input", a->sweep.input, "video or image folder")->required();
  bindFlags(app, a->sweep, {"input"});
  app.add_option("-o,--output", a->output, "write a page with curves and table, HTML");
  app.add_option("--csv", a->csv, "write the table as CSV");
  app.add_option("--json", a->json, "write everything as JSON");
  app.add_option("--plot", a->plot, "write the curves, .png or .svg");
  app.footer("Key-frame policies (--policy):\n" + helpOfPolicies());
  return [a](const JobContext& job) { return run(*a, job); };
}

}  // namespace dff
