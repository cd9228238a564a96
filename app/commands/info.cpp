#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/command.h"
#include "core/media/frame_source.h"
#include "core/media/media_info.h"
#include "core/model/model_info.h"

namespace dff {
namespace {

struct Arguments {
  std::string what, size = "480x360";
  bool json = false, frames = false;
};

/// "key: value" lines; lists and objects as JSON.
void printPlainly(const nlohmann::json& object) {
  for (const auto& [key, value] : object.items())
    std::cout << key << ": " << (value.is_string() ? value.get<std::string>() : value.dump()) << "\n";
}

int run(const Arguments& a) {
  const bool isModel = std::filesystem::exists(std::filesystem::path(a.what) / "model.json");
  const auto info = isModel ? modelInfo(a.what, a.size) : mediaInfo(*openSource(a.what), a.frames);
  if (a.json)
    std::cout << info.dump(1) << "\n";
  else
    printPlainly(info);
  return 0;
}

}  // namespace

std::function<int(const JobContext&)> declareInfo(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  app.add_option("what", a->what, "a video, a folder of images, or a model package")->required();
  app.add_flag("--frames", a->frames, "list every frame of a video");
  app.add_option("--size", a->size, "network input for which a model's multiply-adds are counted")
      ->capture_default_str();
  app.add_flag("--json", a->json, "print JSON");
  return [a](const JobContext&) { return run(*a); };
}

}  // namespace dff
