#include "core/train/trainer.h"

#include <iostream>

#include "app/command.h"

namespace dff {

std::function<int(const JobContext&)> declareTrain(CLI::App& app) {
  auto options = std::make_shared<TrainOptions>();
  app.add_option("config", options->config, "training configuration (JSON)")->required();
  app.add_option("-o,--output", options->output, "folder for checkpoint, log and packages")->required();
  bindFlags(app, *options, {"config", "output"});
  return [options](const JobContext& job) {
    const TrainReport report = train(*options, job);
    std::cout << report.steps << " steps, last loss " << report.lastLoss << ", best validation score " << report.best
              << "\n"
              << "package: " << report.package << "\n";
    return 0;
  };
}

}  // namespace dff
