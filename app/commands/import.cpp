#include <cstdio>

#include "app/command.h"
#include "core/model/import_model.h"
#include "core/model/paper_spec.h"
#include "core/model/tensor_files/foreign_file.h"

namespace dff {
namespace {

void printList(const char* what, const std::vector<std::string>& names) {
  if (names.empty()) return;
  std::printf("%s:\n", what);
  for (const auto& name : names) std::printf("  %s\n", name.c_str());
}

int run(const ImportOptions& options, const JobContext& job) {
  const ImportReport report = importModel(options, job);
  std::printf("%s: %lld tensors, %lld values, %s file with %s names, as %s\n", options.output.c_str(),
              static_cast<long long>(report.tensors), static_cast<long long>(report.values), report.format.c_str(),
              report.names.c_str(), report.model.c_str());
  printList("not in the file, left random", report.missing);
  printList("in the file, not used", report.unused);
  for (const auto& remark : report.remarks) job.warn(remark);
  return 0;
}

}  // namespace

std::function<int(const JobContext&)> declareImport(CLI::App& app) {
  auto o = std::make_shared<ImportOptions>();
  app.add_option("file", o->file, "weights of another program")->required();
  app.add_option("-o,--output", o->output, "folder of the package")->required();
  bindFlags(app, *o, {"file", "output"});
  app.footer("Files:\n" + helpOfForeignFormats() + "Models of the paper: " + knownPaperModels() +
             "\nNothing in a file is run.");
  return [o](const JobContext& job) { return run(*o, job); };
}

}  // namespace dff
