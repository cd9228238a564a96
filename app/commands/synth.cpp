#include "core/data/synthetic/synthesize.h"

#include <iostream>

#include "app/command.h"

namespace dff {

std::function<int(const JobContext&)> declareSynth(CLI::App& app) {
  auto options = std::make_shared<SynthOptions>();
  app.add_option("-o,--output", options->output, "folder to write into")->required();
  bindFlags(app, *options, {"output"});
  app.footer(
      "Writes video.mp4, frames/, labels/, boxes.json (COCO with track_id), street.json (the options) and\n"
      "flow/ (.flo, to the frame before). With --scenes several streets are cut together.");
  return [options](const JobContext& job) {
    synthesize(*options, job);
    std::cout << "written: " << options->output << "\n";
    return 0;
  };
}

}  // namespace dff
