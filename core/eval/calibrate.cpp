#include "core/eval/calibrate.h"

#include <algorithm>
#include <filesystem>

#include "core/base/file.h"
#include "core/base/registry.h"
#include "core/eval/sweep_input.h"
#include "core/model/dff_model.h"
#include "core/model/find_model.h"
#include "core/model/net_input.h"
#include "core/model/value_histogram.h"
#include "core/run/engine.h"

namespace dff {
namespace {

constexpr int kSteps = 255;            // of 8 bits
constexpr double kAlmostAll = 0.9999;  // of all values lie in the range
constexpr float kSmallest = 1e-6f;     // of a step that made nothing but 0

struct Method {
  const char* name;
  float (*end)(const ValueHistogram&);
};
constexpr Method kMethods[] = {
    {"mse", [](const ValueHistogram& h) { return h.leastError(kSteps); }},
    {"percentile", [](const ValueHistogram& h) { return h.percentile(kAlmostAll); }},
    {"max", [](const ValueHistogram& h) { return h.largest(); }},
};

/// Frames by their number: the labelled ones of a data set, which may be stills, or those of a video.
class Pictures {
 public:
  explicit Pictures(const std::string& input) {
    if (namesDataset(input))
      data_ = openDataset(input);
    else
      source_ = openSource(input);
  }
  int64_t size() const { return data_ ? data_->size() : std::ssize(source_->info().times); }
  FramePtr frame(int64_t number) {
    if (data_) return data_->frame(data_->place(number).at);
    source_->seek(number);
    return source_->next();
  }

 private:
  std::unique_ptr<Dataset> data_;
  std::unique_ptr<FrameSource> source_;
};

/// Without the folders above it, which are of one machine.
std::string shortName(const std::string& input) {
  const auto colon = namesDataset(input) ? input.find(':') + 1 : 0;
  return input.substr(0, colon) + std::filesystem::path(input.substr(colon)).lexically_normal().filename().string();
}

using Histograms = std::map<std::string, ValueHistogram>;

Histograms gathered(const Package& package, Pictures& pictures, int64_t frames, const JobContext& job) {
  const InferenceScope scope(0);
  const ModelPtr fast = forInference(*package.model, /*bfloat16=*/false);
  Histograms all;
  for (int64_t i = 0; i < frames; ++i) {
    job.checkStop();
    job.progress(i, frames, "looking at pictures");
    const FramePtr frame = pictures.frame(i * pictures.size() / frames);
    if (!frame) continue;  // a damaged one; the source has said so
    const NetInput input = netInput(frame, networkSize(frame->rgb.size(), package.spec.input), package.spec);
    fast->fused->observe(input.pixels,
                         [&](const std::string& step, std::span<const float> values) { all[step].add(values); });
  }
  if (all.empty()) fail("no picture could be read to calibrate the model ", package.name());
  return all;
}

}  // namespace

Int8Calibration calibrate(const CalibrateOptions& options, const JobContext& job) {
  const Method& method = findKind(kMethods, options.method, "method");
  const Package package = loadPackage(findModel(options.model));
  requireWritableParent(package.folder / "model.json");
  Pictures pictures(options.input);
  const int64_t frames = std::min(options.frames, pictures.size());
  Int8Calibration result{method.name, shortName(options.input), frames, {}};
  for (const auto& [step, histogram] : gathered(package, pictures, frames, job))
    result.ranges[step] = std::max(kSmallest, method.end(histogram));
  saveInt8Calibration(package, result);
  return result;
}

}  // namespace dff
