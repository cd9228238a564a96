#include <torch/torch.h>

#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/media/reused_mat.h"
#include "core/model/dff_model.h"
#include "core/task/task.h"
#include "kernels/segment_argmax.h"

namespace dff {
namespace {

/// The best class of a position and the probability of it less that of the second best.
struct Sureness {
  int best = 0;
  float margin = 0;
};

Sureness surenessAt(const at::TensorAccessor<float, 3>& logits, int64_t y, int64_t x) {
  int64_t best = 0;
  float first = logits[0][y][x], second = -std::numeric_limits<float>::infinity();
  for (int64_t c = 1; c < logits.size(0); ++c) {
    const float value = logits[c][y][x];
    second = std::max(second, std::min(value, first));
    if (value > first) best = c, first = value;
  }
  float sum = 0;
  for (int64_t c = 0; c < logits.size(0); ++c) sum += std::exp(logits[c][y][x] - first);
  return {int(best), (1 - std::exp(second - first)) / sum};
}

/// How sure each cell is of its class, from logits [1,C,u h,u w]; what lies in the padding counts for no class.
void fillMargins(const at::Tensor& logits, int upscale, const NetInput& input, Result& result) {
  const at::Tensor wide = logits[0].to(torch::kFloat);
  const auto at = wide.accessor<float, 3>();
  const double height = std::ceil(input.grid.height * float(upscale)),
               width = std::ceil(input.grid.width * float(upscale));
  const float share = 1.f / float(upscale * upscale);
  result.margin = cv::Mat::zeros(int(at.size(1)) / upscale, int(at.size(2)) / upscale, CV_32F);
  std::vector<double> sums(size_t(at.size(0))), counts(sums.size());
  for (int y = 0; y < at.size(1); ++y)
    for (int x = 0; x < at.size(2); ++x) {
      const Sureness sure = surenessAt(at, y, x);
      result.margin.at<float>(y / upscale, x / upscale) += sure.margin * share;
      if (y >= height || x >= width) continue;
      sums[size_t(sure.best)] += sure.margin;
      ++counts[size_t(sure.best)];
    }
  result.classMargin.clear();
  for (size_t c = 0; c < sums.size(); ++c) result.classMargin.push_back(counts[c] ? float(sums[c] / counts[c]) : -1);
}

/// A head with u x u logits a cell says where in the cell something lies. A feature that was warped by part of a cell
/// mixes what lies left in one cell with what lies left in the next; the logits, laid out on their finer grid, move by
/// as much as the flow says. The head is linear, so where u = 1 and nothing is scaled the two ways are one.
class Segmentation : public Task {
 public:
  Segmentation(const ModelPtr& model, bool carriesLogits)
      : model_(model),
        upscale_(model->scripts.segmentation ? model->spec.segmentation.upscale : model->segmentation->upscale),
        carriesLogits_(carriesLogits),
        bilinear_(model->segmentation && model->segmentation->enlargesBilinearly()) {}

  at::Tensor carried(const at::Tensor& feature, StageTimes& times) override {
    return carriesLogits_ ? logitsOf(feature, times).contiguous(at::MemoryFormat::ChannelsLast) : feature;
  }

  void run(const at::Tensor& carried, const NetInput& input, Result& result) override {
    const cv::Mat& rgb = result.frame->rgb;
    // The labels' kernel enlarges as it goes: where the deconvolution leads to the very pixels, it need not be made.
    const bool perCell = bilinear_ && !carriesLogits_ && !wantsMargin_ && input.picture == rgb.size();
    const at::Tensor logits = carriesLogits_ ? carried : logitsOf(carried, result.times, perCell);
    const int upscale = perCell ? 1 : upscale_;
    if (wantsMargin_) fillMargins(logits, upscale_, input, result);
    StageTimer timer(result.times, Stage::Post);
    kernels::SegmentArgmaxOptions o;
    o.width = rgb.cols;
    o.height = rgb.rows;
    o.gridWidth = input.grid.width * float(upscale);
    o.gridHeight = input.grid.height * float(upscale);
    result.labels = reusedMat(rgb.size(), CV_8U);
    kernels::segmentArgmax(logits, o, result.labels.data);
  }

  void wantMargin(bool wanted) override { wantsMargin_ = wanted; }

 private:
  at::Tensor logitsOf(const at::Tensor& feature, StageTimes& times, bool perCell = false) {
    StageTimer timer(times, Stage::Head);
    return perCell ? model_->segmentation->perCell(feature) : model_->logits(feature);
  }

  ModelPtr model_;
  int upscale_;  ///< logits a feature cell, along each side
  bool carriesLogits_, bilinear_;
  bool wantsMargin_ = false;
};

}  // namespace

bool carriesLogits(const std::string& split, const ModelSpec& spec) {
  if (split != "auto" && split != "feature" && split != "logits")
    throw UsageError("unknown split \"" + split + "\"; known: auto, feature, logits");
  return split == "logits" || (split == "auto" && spec.segmentation.upscale > 1 && !spec.scriptsSegmentation());
}

std::unique_ptr<Task> makeSegmentation(const ModelPtr& model, const TaskOptions& options) {
  if (!model->segments()) return nullptr;
  return std::make_unique<Segmentation>(model, carriesLogits(options.split, model->spec));
}

}  // namespace dff
