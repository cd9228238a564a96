#include <cstdio>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/command.h"
#include "core/flow/codec_cost.h"
#include "core/media/frame_source.h"
#include "core/media/media_info.h"
#include "core/model/find_model.h"
#include "core/model/model_info.h"
#include "core/model/package.h"
#include "core/model/paper_spec.h"

namespace dff {
namespace {

constexpr int kMotionInterval = 10;

struct Arguments {
  std::string what, size = "480x360";
  bool json = false, frames = false, motion = false, flops = false, perLayer = false;
};

/// "key: value" lines; lists and objects as JSON.
void printPlainly(const nlohmann::json& object) {
  for (const auto& [key, value] : object.items())
    std::cout << key << ": " << (value.is_string() ? value.get<std::string>() : value.dump()) << "\n";
}

void printCost(const std::string& name, int64_t multiplyAdds) {
  std::printf("%-40s %12.4f\n", name.c_str(), double(multiplyAdds) * 1e-9);
}

/// The multiply-adds of a package's networks, or of the paper's of that name, for which no weights are needed.
int printFlops(const Arguments& a) {
  const auto parts =
      isPaperModel(a.what) ? modelCosts(paperSpec(a.what), a.size) : packageCosts(findModel(a.what), a.size);
  std::printf("%-40s %12s\n", ("multiply-adds at " + a.size).c_str(), "10^9");
  for (const auto& part : parts) {
    if (a.perLayer)
      for (const auto& layer : part.layers) printCost(part.part + "." + layer.name, layer.multiplyAdds);
    if (part.known)
      printCost(part.part, part.multiplyAdds());
    else
      std::printf("%-40s %12s\n", part.part.c_str(), "unknown");
  }
  if (parts[0].known && parts[1].known && parts[1].multiplyAdds() > 0)
    std::printf("%-40s %12.2f\n", "feature / flow", double(parts[0].multiplyAdds()) / double(parts[1].multiplyAdds()));
  return 0;
}

int run(const Arguments& a, const JobContext& job) {
  if (a.motion) {
    std::cout << summary(measureCodecCost(a.what, kMotionInterval, job));
    return 0;
  }
  if (a.flops || a.perLayer) return printFlops(a);
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
  app.add_option("what", a->what,
                 "a video, a folder of images, a model package; with --flops also " + knownPaperModels())
      ->required();
  app.add_flag("--flops", a->flops, "count the multiply-adds of a model's networks");
  app.add_flag("--per-layer", a->perLayer, "the same, convolution by convolution");
  app.add_flag("--frames", a->frames, "list every frame of a video");
  app.add_flag("--motion", a->motion, "time what --flow codec costs with this video, at a key-frame interval of 10");
  app.add_option("--size", a->size, "network input for which a model's multiply-adds are counted")
      ->capture_default_str();
  app.add_flag("--json", a->json, "print JSON");
  return [a](const JobContext& job) { return run(*a, job); };
}

}  // namespace dff
