#include <cstdio>
#include <filesystem>
#include <map>

#include "core/base/error.h"
#include "core/flow/chained_motion.h"
#include "core/media/codec_motion.h"
#include "core/media/flow_file.h"
#include "core/model/dff_model.h"

namespace dff {
namespace {
namespace fs = std::filesystem;

constexpr size_t kKept = 128;  // of earlier frames

class FilesSource : public FlowSource {
 public:
  FilesSource(const ModelPtr& model, fs::path folder) : model_(model), folder_(std::move(folder)) {
    if (!fs::is_directory(folder_)) fail("the folder of flow files ", folder_.string(), " does not exist");
  }

  FlowCode encode(const NetInput& input) override { return {{}, {}, input.frame, cellGridOf(input, model_->spec)}; }

  FlowEstimate estimate(const FlowCode& cur, const FlowCode& key) override {
    const bool turned = key.frame->index > cur.frame->index;
    return estimateAlong(turned ? back(key, cur.frame->index) : back(cur, key.frame->index), cur.grid, turned);
  }

 private:
  /// From a frame to an earlier one.
  std::vector<StepMotion> back(const FlowCode& code, int64_t to) {
    std::vector<StepMotion> steps;
    for (int64_t i = code.frame->index; i > to; --i) steps.push_back(step(i, code));
    return steps;
  }

  /// Of frame `index`.
  StepMotion step(int64_t index, const FlowCode& like) {
    if (const auto found = kept_.find(index); found != kept_.end()) return found->second;
    cv::Mat pixels = read(index);
    if (pixels.size() != like.frame->rgb.size())
      fail("the flow of frame ", index, " in ", folder_.string(), " has ", pixels.cols, "x", pixels.rows,
           " pixels, the video ", like.frame->rgb.cols, "x", like.frame->rgb.rows);
    fillUnknown(pixels);
    if (kept_.size() >= kKept) kept_.erase(index > kept_.begin()->first ? kept_.begin() : std::prev(kept_.end()));
    return kept_[index] = stepOf(pixels, pixels.size(), like.grid);
  }

  cv::Mat read(int64_t index) const {
    char name[32];
    std::snprintf(name, sizeof name, "%06lld", static_cast<long long>(index));
    if (const fs::path flo = folder_ / (std::string(name) + ".flo"); fs::exists(flo)) return readFlo(flo);
    if (const fs::path png = folder_ / (std::string(name) + ".png"); fs::exists(png)) return readKittiFlow(png);
    fail("there is no flow from frame ", index, " to the one before it: neither ", name, ".flo nor ", name,
         ".png is in ", folder_.string());
  }

  ModelPtr model_;
  fs::path folder_;
  std::map<int64_t, StepMotion> kept_;
};

}  // namespace

std::unique_ptr<FlowSource> makeFilesSource(const ModelPtr& model, const std::string& folder) {
  return std::make_unique<FilesSource>(model, folder);
}

}  // namespace dff
