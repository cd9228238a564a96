#include "core/eval/sweep.h"

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/command.h"
#include "core/base/file.h"
#include "core/data/dataset.h"
#include "core/eval/sweep_page.h"
#include "core/schedule/key_policy.h"

namespace dff {
namespace {

struct Arguments {
  SweepOptions sweep;
  std::string output, csv, json, plot;
  bool again = false;
};

/// Everything that is known so far, so that a run that is stopped has not been in vain.
void write(const Arguments& a, const SweepReport& report) {
  if (!a.output.empty()) writeFileAtomically(a.output, pageOf(report, a.sweep));
  if (!a.csv.empty()) writeFileAtomically(a.csv, toCsv(report));
  if (!a.json.empty()) writeJson(a.json, toJson(report));
  if (!a.plot.empty()) writeFigure(a.plot, figureOf(report));
}

/// Beside the first of what is written.
std::string cellsOf(const Arguments& a) {
  for (const auto& file : {a.output, a.json, a.csv, a.plot})
    if (!file.empty()) return file + ".cells";
  return {};
}

int run(Arguments& a, const JobContext& job) {
  for (const auto& file : {a.output, a.csv, a.json, a.plot})
    if (!file.empty()) requireWritableParent(file);
  if (!a.plot.empty()) requireFigureName(a.plot);
  a.sweep.cells = cellsOf(a);
  if (a.again && !a.sweep.cells.empty()) std::filesystem::remove(a.sweep.cells);
  const SweepReport report = sweep(a.sweep, job, [&](const SweepReport& known) { write(a, known); });
  std::cout << toCsv(report);
  for (const SweepPoint& p : report.points)
    if (p.fixedAgreement >= 0)
      std::printf(
          "%s %s %s, interval %d: agreement %+.2f points against the fixed interval with %lld keys (this: %lld)\n",
          p.flow.c_str(), p.propagate.c_str(), p.policy.c_str(), p.interval, 100 * (p.agreement - p.fixedAgreement),
          static_cast<long long>(p.fixedKeyFrames), static_cast<long long>(p.keyFrames));
  return 0;
}

}  // namespace

std::function<int(const JobContext&)> declareSweep(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  app.add_option("input", a->sweep.input,
                 "video, image folder, or a data set that is one video, KIND:PATH; kinds: " + knownDatasets())
      ->required();
  bindFlags(app, a->sweep, {"input"});
  app.add_option("-o,--output", a->output, "write a page with curves and table, HTML");
  app.add_option("--csv", a->csv, "write the table as CSV");
  app.add_option("--json", a->json, "write everything as JSON");
  app.add_option("--plot", a->plot, "write the curves, .png or .svg");
  app.add_flag("--again", a->again, "measure everything anew, also what an ended sweep has finished");
  app.footer(
      "What is finished is kept beside the report, in FILE.cells: a sweep that was ended goes on where it was, and "
      "one\n"
      "with more settings runs what is new. Other inputs or another model begin anew.\n\n"
      "Key-frame policies (--policy), each with as many keys as the fixed interval has, whose mean over several "
      "offsets\n"
      "stands beside it:\n" +
      helpOfPolicies());
  return [a](const JobContext& job) { return run(*a, job); };
}

}  // namespace dff
