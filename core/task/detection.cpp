#include <torch/torch.h>

#include "core/model/dff_model.h"
#include "core/task/task.h"
#include "kernels/nms.h"

namespace dff {
namespace {

/// Boxes of one class in the network's pixels, and their scores.
struct ClassBoxes {
  std::vector<Box> boxes;
  std::vector<float> scores;
};

class Detection : public Task {
 public:
  explicit Detection(const ModelPtr& model)
      : head_(model->detection), dividesCorners_(model->spec.input.resize == "factor") {}

  void run(const at::Tensor& feature, const NetInput& input, Result& result) override {
    StageTimer timer(result.times, Stage::Detect);
    const DetectionMaps maps = head_(feature);
    const auto proposals = head_->propose(maps, 0, input.picture, head_->spec().proposals);
    const RegionOutput out = head_->regions(maps, roisOf(proposals, 0));
    const auto probabilities = out.scores.softmax(1).contiguous(), deltas = out.deltas.contiguous();
    result.boxes.clear();
    for (size_t c = 0; c < head_->spec().classes.size(); ++c)
      keepBest(ofClass(int(c), proposals, probabilities, deltas, input.picture), int(c), result.boxes);
    std::stable_sort(result.boxes.begin(), result.boxes.end(),
                     [](const ObjectBox& a, const ObjectBox& b) { return a.score > b.score; });
    cutOff(result.boxes);
    for (auto& b : result.boxes) b.box = inVideo(b.box, input.scale);
  }

 private:
  /// The paper's code divides the coordinates of the last pixel, which belongs to a box; else the box's edge is.
  cv::Rect2f inVideo(const cv::Rect2f& box, cv::Size2d scale) const {
    const float across = float(1 / scale.width), down = float(1 / scale.height);
    if (!dividesCorners_) return {box.x * across, box.y * down, box.width * across, box.height * down};
    const Box b = boxOf(box);
    return rectOf({b.x1 * across, b.y1 * down, b.x2 * across, b.y2 * down});
  }

  /// Keeps the best, which come first, and those that score as the last of them.
  void cutOff(std::vector<ObjectBox>& boxes) const {
    auto most = size_t(head_->spec().maxBoxes);
    while (most < boxes.size() && boxes[most].score == boxes[most - 1].score) ++most;
    if (most < boxes.size()) boxes.resize(most);
  }

  /// What scores high enough as this class, corrected and cut off.
  ClassBoxes ofClass(int c, const std::vector<Box>& proposals, const at::Tensor& probabilities,
                     const at::Tensor& deltas, cv::Size picture) const {
    const auto probability = probabilities.accessor<float, 2>();
    const float* delta = deltas.data_ptr<float>();
    ClassBoxes found;
    for (size_t i = 0; i < proposals.size(); ++i) {
      const float score = probability[int64_t(i)][c + 1];
      if (!(score > float(head_->spec().minScore))) continue;
      const Box box = decoded(delta + 4 * i, proposals[i], head_->spec().regionStds, head_->spec().mostGrowth);
      found.boxes.push_back(clipped(box, picture));
      found.scores.push_back(score);
    }
    return found;
  }

  /// Adds those that no better one of the class covers; boxes in the network's pixels.
  void keepBest(ClassBoxes&& found, int c, std::vector<ObjectBox>& boxes) const {
    const auto count = int64_t(found.boxes.size());
    if (count == 0) return;
    const auto corners = torch::from_blob(found.boxes.data(), {count, 4});
    const auto kept = kernels::nms(corners, torch::from_blob(found.scores.data(), {count}), head_->spec().nms);
    for (int64_t i = 0; i < kept.numel(); ++i) {
      const auto k = size_t(kept.data_ptr<int64_t>()[i]);
      boxes.push_back({rectOf(found.boxes[k]), c, found.scores[k], -1});
    }
  }

  DetectionHead head_;
  bool dividesCorners_;
};

}  // namespace

std::unique_ptr<Task> makeDetection(const ModelPtr& model, const TaskOptions&) {
  if (model->detection.is_empty()) return nullptr;
  return std::make_unique<Detection>(model);
}

}  // namespace dff
