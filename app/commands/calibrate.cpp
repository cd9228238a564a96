#include "core/eval/calibrate.h"

#include <cstdio>

#include "app/command.h"

namespace dff {
namespace {

int run(const CalibrateOptions& options, const JobContext& job) {
  const Int8Calibration c = calibrate(options, job);
  std::printf(
      "%s: ranges of %zu steps by %s from %lld pictures of %s, in its model.json; --precision int8 reads them\n",
      options.model.c_str(), c.ranges.size(), c.method.c_str(), static_cast<long long>(c.frames), c.data.c_str());
  return 0;
}

}  // namespace

std::function<int(const JobContext&)> declareCalibrate(CLI::App& app) {
  auto o = std::make_shared<CalibrateOptions>();
  app.add_option("model", o->model, "model package: a folder, or the name of a shipped one")->required();
  app.add_option("input", o->input, "what it is to see: a data set KIND:PATH, a video or an image folder")->required();
  bindFlags(app, *o, {"model", "input"});
  app.footer(
      "Writes into the package's model.json. Take pictures like those that it is for, not those it is judged by.");
  return [o](const JobContext& job) { return run(*o, job); };
}

}  // namespace dff
