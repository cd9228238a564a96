#include <iostream>
#include <nlohmann/json.hpp>

#include "app/command.h"
#include "core/base/file.h"
#include "core/eval/speed.h"

namespace dff {

std::function<int(const JobContext&)> declareBench(CLI::App& app) {
  auto options = std::make_shared<SpeedOptions>();
  auto json = std::make_shared<std::string>(), plot = std::make_shared<std::string>();
  app.add_option("input", options->input, "video or image folder; by default the shipped sample");
  bindFlags(app, *options, {"input"});
  app.add_option("--json", *json, "write the report as JSON");
  app.add_option("--plot", *plot, "write the curves, as PNG or SVG");
  return [options, json, plot](const JobContext& job) {
    if (!plot->empty()) requireFigureName(*plot);
    const SpeedReport report = measureSpeed(*options, job);
    if (!json->empty()) writeJson(*json, toJson(report));
    if (!plot->empty()) writeFigure(*plot, figureOf(report));
    std::cout << summary(report);
    return 0;
  };
}

}  // namespace dff
