#include <cstdio>

#include "app/command.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/model/find_model.h"
#include "core/model/onnx_export.h"

namespace dff {
namespace {

struct Arguments {
  std::string model, output, size = "480x360";
};

cv::Size sizeOf(const std::string& text) {
  int width = 0, height = 0, used = 0;
  if (std::sscanf(text.c_str(), "%dx%d%n", &width, &height, &used) != 2 || used != int(text.size()) || width < 16 ||
      height < 16 || width > 8192 || height > 8192)
    throw UsageError("size \"" + text + "\" is not WIDTHxHEIGHT with sides from 16 to 8192");
  return {width, height};
}

}  // namespace

std::function<int(const JobContext&)> declareExportOnnx(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  app.add_option("model", a->model, "model package: a folder, or the name of a shipped one")->required();
  app.add_option("-o,--output", a->output, "the ONNX file to be written")->required();
  app.add_option("--size", a->size, "network input as WxH, padded as the model pads")->capture_default_str();
  return [a](const JobContext&) {
    const cv::Size size = sizeOf(a->size);
    requireWritableParent(a->output);
    exportOnnx(loadPackage(findModel(a->model)), size, a->output);
    return 0;
  };
}

}  // namespace dff
