#include <torch/torch.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/media/reused_mat.h"
#include "core/model/dff_model.h"
#include "core/task/task.h"
#include "kernels/segment_argmax.h"

namespace dff {
namespace {

/// The mean margin of each class over the positions where it is the label; below 0: nowhere.
std::vector<float> meansByClass(const cv::Mat& margins, const cv::Mat& labels, size_t classes) {
  std::vector<double> sums(classes), counts(classes);
  for (int y = 0; y < labels.rows; ++y)
    for (int x = 0; x < labels.cols; ++x) {
      const size_t label = labels.at<uint8_t>(y, x);
      sums[label] += margins.at<float>(y, x);
      ++counts[label];
    }
  std::vector<float> means;
  for (size_t c = 0; c < classes; ++c) means.push_back(counts[c] ? float(sums[c] / counts[c]) : -1);
  return means;
}

/// How sure each cell is of its class, from logits [1,C,u h,u w], u x u of them a cell: as fine as the head is, for a
/// picture has many times as many pixels and says no more. What lies in the padding counts for no class.
void fillMargins(const at::Tensor& logits, int upscale, const NetInput& input, Result& result) {
  const cv::Size size(int(logits.size(3)), int(logits.size(2))), cells = size / upscale;
  cv::Mat labels = reusedMat(size, CV_8U), margins = reusedMat(size, CV_32F);
  kernels::segmentArgmax(logits, {size.width, size.height}, labels.data, margins.ptr<float>());
  result.margin = reusedMat(cells, CV_32F);
  cv::resize(margins, result.margin, cells, 0, 0, cv::INTER_AREA);
  const cv::Rect picture(0, 0, int(std::ceil(input.grid.width * float(upscale))),
                         int(std::ceil(input.grid.height * float(upscale))));
  const cv::Rect seen = picture & cv::Rect({}, size);
  result.classMargin = meansByClass(margins(seen), labels(seen), size_t(logits.size(1)));
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
