// Motion is small from frame to frame, where patches find themselves to a tenth of a pixel; over ten frames things
// grow, turn and are uncovered, and nothing finds them again. So each frame is compared with the one before it, and
// followed from there to the key. What a car uncovers takes, frame by frame, after what lies beside it.
#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/flow/chained_motion.h"
#include "core/model/dff_model.h"
#include "kernels/inverse_search.h"
#include "kernels/preprocess.h"

namespace dff {
namespace {

constexpr size_t kLongestChain = 64;  // steps; beyond, nothing is taken to move
constexpr size_t kKeptSteps = 2 * kLongestChain;
constexpr size_t kKeptPictures = 4;
constexpr int kBlock = 4;  // the network's pixels that a cell of inverseSearch() covers: blocks of two of half the size

/// Half the size that the network sees, grey.
void fill(kernels::GrayPyramid& pyramid, const Frame& frame, cv::Size picture) {
  kernels::PreprocessOptions o;
  o.outWidth = o.paddedWidth = (picture.width + 1) / 2;
  o.outHeight = o.paddedHeight = (picture.height + 1) / 2;
  o.std = {1 / 0.299f, 1 / 0.587f, 1 / 0.114f};
  const cv::Mat& rgb = frame.rgb;
  kernels::fillPyramid(kernels::preprocess(rgb.data, rgb.cols, rgb.rows, int64_t(rgb.step), o), pyramid);
}

/// What inverseSearch() says on the grid of the steps; the padding repeats the picture's border.
StepMotion onGrid(const at::Tensor& blocks, const CellGrid& grid, int stride) {
  const double cells = stride / 2. / kBlock;  // blocks along a cell of the step
  const int64_t h = 2 * grid.cells.height, w = 2 * grid.cells.width;
  if (cells == 1 && blocks.size(1) == h && blocks.size(2) == w) return blocks;
  const auto padded = [&](int64_t side, int64_t all) {
    return std::max<int64_t>(0, std::lround(double(all) * cells) - side);
  };
  const auto flow = at::replication_pad2d(blocks, {0, padded(blocks.size(2), w), 0, padded(blocks.size(1), h)});
  return (at::adaptive_avg_pool2d(flow, {h, w}) / cells).contiguous();
}

class SearchSource : public FlowSource {
 public:
  explicit SearchSource(const ModelPtr& model) : model_(model) {}

  void setFrames(FrameOf frameOf) override {
    frameOf_ = std::move(frameOf);
    for (auto& picture : pictures_) picture.index = kNone;
    for (auto& step : steps_) step.from = kNone;
  }

  FlowCode encode(const NetInput& input) override {
    size_ = input.picture;
    if (!kept(input.frame->index)) keep(*input.frame);
    return {{}, {}, input.frame, cellGridOf(input, model_->spec)};
  }

  FlowEstimate estimate(const FlowCode& cur, const FlowCode& key) override {
    const bool turned = key.frame->index > cur.frame->index;
    const Stretch stretch{turned ? *key.frame : *cur.frame, turned ? *cur.frame : *key.frame, cur.grid};
    chain_.clear();
    for (int64_t at = stretch.last.index; at > stretch.first.index && chain_.size() < kLongestChain;) {
      const Step& step = stepFrom(at, stretch);
      if (step.from == kNone) break;
      chain_.push_back(step.motion);
      at = step.to;
    }
    return estimateAlong(chain_, cur.grid, turned);
  }

 private:
  static constexpr int64_t kNone = -1;

  /// What is walked along, backwards.
  struct Stretch {
    const Frame &last, &first;
    CellGrid grid;
  };
  struct Picture {
    int64_t index = kNone;
    kernels::GrayPyramid pyramid;
  };
  struct Step {
    int64_t from = kNone, to = kNone;  ///< the frame before, of those that can be had
    at::Tensor blocks;
    StepMotion motion;
  };

  /// From kNone where the frame itself cannot be had any more.
  const Step& stepFrom(int64_t at, const Stretch& stretch) {
    Step& step = steps_[size_t(at) % kKeptSteps];
    const bool whole = step.to == at - 1 || !frameOf_;  // frames between may come yet where they are asked for
    if (step.from == at && step.to >= stretch.first.index && whole) return step;
    step.from = kNone;
    const Picture* cur = picture(at, stretch);
    if (!cur) return step;
    step.to = at - 1;
    const Picture* before = picture(step.to, stretch, cur);
    while (!before) before = picture(--step.to, stretch, cur);  // the first is always there
    kernels::inverseSearch(cur->pyramid, before->pyramid, step.blocks);
    step.motion = onGrid(step.blocks, stretch.grid, model_->spec.stride());
    step.from = at;
    return step;
  }

  /// Null where nobody has that frame. `inUse` stays.
  const Picture* picture(int64_t index, const Stretch& stretch, const Picture* inUse = nullptr) {
    if (const Picture* known = kept(index)) return known;
    if (stretch.last.index == index) return keep(stretch.last, inUse);
    if (stretch.first.index == index) return keep(stretch.first, inUse);
    const FramePtr frame = frameOf_ ? frameOf_(index) : nullptr;
    return frame ? keep(*frame, inUse) : nullptr;
  }

  const Picture* kept(int64_t index) const {
    const auto found =
        std::find_if(pictures_.begin(), pictures_.end(), [&](const Picture& p) { return p.index == index; });
    return found == pictures_.end() ? nullptr : &*found;
  }

  /// In place of what lies farthest away.
  const Picture* keep(const Frame& frame, const Picture* inUse = nullptr) {
    const auto distance = [&](const Picture& p) {
      if (&p == inUse) return int64_t(-1);
      return p.index == kNone ? std::numeric_limits<int64_t>::max() : std::abs(p.index - frame.index);
    };
    Picture& farthest = *std::max_element(pictures_.begin(), pictures_.end(), [&](const Picture& a, const Picture& b) {
      return distance(a) < distance(b);
    });
    farthest.index = frame.index;
    fill(farthest.pyramid, frame, size_);
    return &farthest;
  }

  ModelPtr model_;
  cv::Size size_;  // of the pictures in the network
  FrameOf frameOf_;
  std::array<Picture, kKeptPictures> pictures_;
  std::array<Step, kKeptSteps> steps_;  // the step from a frame stands at its number, modulo
  std::vector<StepMotion> chain_;
};

}  // namespace

std::unique_ptr<FlowSource> makeSearchSource(const ModelPtr& model, const std::string&) {
  return std::make_unique<SearchSource>(model);
}

}  // namespace dff
