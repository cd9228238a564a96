#include "core/export/run_files.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "app/command.h"
#include "core/base/file.h"
#include "core/export/exporter.h"
#include "core/flow/flow_source.h"

namespace dff {
namespace {

struct Arguments {
  RunOptions run;
  std::string json;
};

nlohmann::json jsonOf(const FileReport& file, const RunOptions& options) {
  nlohmann::json object = {{"input", file.input}, {"status", file.status}, {"error", file.error}};
  object["report"] = file.status == "done" ? toJson(file.report, toJson(options)) : nlohmann::json();
  return object;
}

void writeReport(const Arguments& a, const std::vector<FileReport>& files) {
  if (a.json.empty()) return;
  if (a.run.inputs.size() == 1) return writeJson(a.json, toJson(files.front().report, toJson(a.run)));
  nlohmann::json all = {{"schema_version", 1}, {"files", nlohmann::json::array()}};
  for (const auto& file : files) all["files"].push_back(jsonOf(file, a.run));
  writeJson(a.json, all);
}

int printOutcome(const Arguments& a, const std::vector<FileReport>& files) {
  for (const auto& file : files) {
    if (files.size() > 1) std::cout << file.input << ": " << file.status << "\n";
    if (file.status == "done") std::cout << summary(file.report);
  }
  if (!a.run.output.empty() && files.size() == 1) std::cout << "written: " << a.run.output << "\n";
  int failed = 0;
  for (const auto& file : files)
    if (file.status == "failed" && ++failed) std::cerr << file.input << ": " << file.error << "\n";
  if (failed) fail(failed, " of ", files.size(), " inputs failed, listed above; the others are done");
  return 0;
}

int run(Arguments& a, const JobContext& job) {
  if (!a.json.empty()) requireWritableParent(a.json);
  a.run = settled(a.run);
  const auto files = runFiles(a.run, job);
  writeReport(a, files);
  return printOutcome(a, files);
}

/// What does not fit behind a flag.
std::string manual() {
  std::string layers;
  for (const auto& layer : knownLayers()) layers += "  " + layer.name + ": " + layer.help + "\n";
  return "Flow sources (--flow):\n" + helpOfFlowSources() + "\nPropagation (--propagate):\n" + helpOfPropagators() +
         "  auto        two-sided; causal with --flow copy and at intervals above " +
         std::to_string(kLargestHeldInterval) + "\n\nKey frames (--policy):\n" + helpOfPolicies() +
         "\nLayers (--layers):\n" + layers +
         "\nFrames are numbered from 0 and keep their number in every output. With several inputs every output path "
         "is\n"
         "a folder, outputs are named by the input, and what was made before with equal options is skipped.\n"
         "Ctrl-C leaves no unfinished file. Exit code: 0 done, 1 failed, 2 wrong use, 130 interrupted.\n\n"
         "Examples:\n"
         "  dff run drive.mp4 -o annotated.mp4 --interval 5\n"
         "  dff run drive.mp4 --export labels:labels --export jsonl:log.jsonl --json report.json\n"
         "  dff run videos/*.mp4 -o annotated --interval 10 --propagate causal\n";
}

}  // namespace

std::function<int(const JobContext&)> declareRun(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  RunOptions& o = a->run;
  app.add_option("input", o.inputs, "video files, or folders of images in name order")->required();
  app.add_option("-o,--output", o.output,
                 "annotated video, short for --export video:FILE; a folder when there are several inputs");
  app.add_option("--export", o.exports, "write more, as KIND:PATH, any number of times:\n" + exporterHelp())
      ->allow_extra_args(false);
  bindFlags(app, o, {"input", "output", "export"});
  app.add_option("--json", a->json, "write the report as JSON");
  app.footer(manual());
  return [a](const JobContext& job) { return run(*a, job); };
}

}  // namespace dff
