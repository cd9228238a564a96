#include "app/command.h"
#include "core/base/file.h"
#include "core/model/find_model.h"
#include "core/model/net_input.h"
#include "core/model/onnx_export.h"

namespace dff {
namespace {

struct Arguments {
  std::string model, output, size = "480x360";
};

}  // namespace

std::function<int(const JobContext&)> declareExportOnnx(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  app.add_option("model", a->model, "model package: a folder, or the name of a shipped one")->required();
  app.add_option("-o,--output", a->output, "the ONNX file to be written")->required();
  app.add_option("--size", a->size, "network input as WxH, padded as the model pads")->capture_default_str();
  return [a](const JobContext&) {
    const cv::Size size = parseNetworkSize(a->size);
    requireWritableParent(a->output);
    exportOnnx(loadPackage(findModel(a->model)), size, a->output);
    return 0;
  };
}

}  // namespace dff
