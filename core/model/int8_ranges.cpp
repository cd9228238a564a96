#include "core/model/int8_ranges.h"

#include <cmath>

#include "core/base/file.h"
#include "core/model/dff_model.h"

namespace dff {
namespace {

constexpr int kVersion = 1;
constexpr const char* kKey = "int8";
constexpr const char* kManifest = "model.json";

std::string whatToDo(const Package& package) {
  const std::string model = package.folder.empty() ? package.name() : package.folder.string();
  return "; run `dff calibrate " + model + " DATASET|VIDEO` first, or choose another --precision";
}

Int8Calibration parsed(const nlohmann::json& entry) {
  Int8Calibration c;
  c.method = entry.at("method").get<std::string>();
  c.data = entry.at("data").get<std::string>();
  c.frames = entry.at("frames").get<int64_t>();
  c.ranges = entry.at("ranges").get<ActivationRanges>();
  for (const auto& [step, largest] : c.ranges)
    if (!(largest > 0) || !std::isfinite(largest)) fail("the range of \"", step, "\" must be a number above 0");
  return c;
}

}  // namespace

Int8Calibration int8Calibration(const Package& package) {
  const auto found = package.manifest.find(kKey);
  if (found == package.manifest.end())
    fail("the model ", package.name(), " has no activation ranges for int8", whatToDo(package));
  try {
    const int version = found->at("version").get<int>();
    if (version != kVersion) fail("their version is ", version, ", this program reads ", kVersion);
    if (found->at("weights").get<std::string>() != package.sha256) fail("they were measured with other weights");
    return parsed(*found);
  } catch (const std::exception& e) {
    fail("the int8 ranges of the model ", package.name(), " cannot be used (", e.what(), ")", whatToDo(package));
  }
}

void saveInt8Calibration(const Package& package, const Int8Calibration& c) {
  nlohmann::json manifest = package.manifest;
  manifest[kKey] = {{"version", kVersion}, {"weights", package.sha256}, {"method", c.method},
                    {"data", c.data},      {"frames", c.frames},        {"ranges", c.ranges}};
  writeJson(package.folder / kManifest, manifest);
}

ModelPtr int8ForInference(const Package& package) {
  const Int8Calibration calibration = int8Calibration(package);
  ModelPtr fast = forInference(*package.model, /*bfloat16=*/false);
  try {
    fast->fused = std::make_shared<FusedNet>(inEightBits(featureGraph(*fast), calibration.ranges));
  } catch (const Error& e) {
    fail("the int8 ranges of the model ", package.name(), " are not of its networks (", e.what(), ")",
         whatToDo(package));
  }
  return fast;
}

}  // namespace dff
