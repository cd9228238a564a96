// What the video's encoder found of motion costs next to nothing: interpolation-BMV (Jain and Gonzalez 2018) propagates
// along it. CodecMotion says what has to be assumed.
#include <algorithm>
#include <map>

#include "core/base/error.h"
#include "core/flow/chained_motion.h"
#include "core/media/codec_motion.h"
#include "core/model/dff_model.h"

namespace dff {
namespace {

class CodecSource : public FlowSource {
 public:
  explicit CodecSource(const ModelPtr& model) : model_(model) {}

  FlowCode encode(const NetInput& input) override {
    if (!input.frame->motion)
      fail("frame ", input.frame->index,
           " came without motion vectors; --flow codec needs an H.264, MPEG-1, MPEG-2 or "
           "MPEG-4 video");
    return {{}, {}, input.frame, cellGridOf(input, model_->spec)};
  }

  FlowEstimate estimate(const FlowCode& cur, const FlowCode& key) override {
    const bool turned = key.frame->index > cur.frame->index;
    return estimateAlong(back(turned ? key : cur, std::abs(cur.frame->index - key.frame->index)), cur.grid, turned);
  }

 private:
  /// From a frame to the one so many before it; what was coded before the last frame without reference is not known.
  std::vector<StepMotion> back(const FlowCode& code, int64_t frames) {
    const auto& chain = code.frame->motion->steps;
    std::vector<StepMotion> steps;
    for (size_t i = 0; i < std::min(chain.size(), size_t(frames)); ++i) steps.push_back(step(chain[i], code));
    return steps;
  }

  const StepMotion& step(const std::shared_ptr<const CodecMotion>& motion, const FlowCode& code) {
    if (kept_.size() > 2 * kLongestMotionChain) kept_.clear();
    StepMotion& kept = kept_[motion];
    if (!kept.defined()) kept = stepOf(motion->field(), code.frame->rgb.size(), code.grid);
    return kept;
  }

  ModelPtr model_;
  std::map<std::shared_ptr<const CodecMotion>, StepMotion> kept_;
};

}  // namespace

std::unique_ptr<FlowSource> makeCodecSource(const ModelPtr& model, const std::string&) {
  return std::make_unique<CodecSource>(model);
}

}  // namespace dff
