#include <torch/torch.h>

#include "core/model/dff_model.h"
#include "core/task/task.h"
#include "kernels/segment_argmax.h"

namespace dff {
namespace {

cv::Mat cellsMat(const at::Tensor& map, int type) {
  return cv::Mat(int(map.size(0)), int(map.size(1)), type, map.data_ptr()).clone();
}

/// How sure each cell is of its class, from logits [1,C,u h,u w]; cells of the padding count for no class.
void fillMargins(const at::Tensor& logits, int upscale, const NetInput& input, Result& result) {
  const auto best = logits[0].to(torch::kFloat).softmax(0).topk(2, 0);
  const auto& probabilities = std::get<0>(best);
  const at::Tensor margins = probabilities[0] - probabilities[1];
  result.margin = cellsMat(at::avg_pool2d(margins.unsqueeze(0), upscale)[0].contiguous(), CV_32F);
  const cv::Mat fine = cellsMat(margins.contiguous(), CV_32F);
  const cv::Mat classes = cellsMat(std::get<1>(best)[0].to(torch::kInt).contiguous(), CV_32S);
  std::vector<double> sums(size_t(logits.size(1))), counts(sums.size());
  for (int y = 0; y < std::min(classes.rows, int(std::ceil(input.grid.height * float(upscale)))); ++y)
    for (int x = 0; x < std::min(classes.cols, int(std::ceil(input.grid.width * float(upscale)))); ++x) {
      const auto c = size_t(classes.at<int>(y, x));
      sums[c] += fine.at<float>(y, x);
      ++counts[c];
    }
  result.classMargin.clear();
  for (size_t c = 0; c < sums.size(); ++c) result.classMargin.push_back(counts[c] ? float(sums[c] / counts[c]) : -1);
}

class Segmentation : public Task {
 public:
  explicit Segmentation(ModelPtr model) : head_(model->segmentation) {}

  void run(const at::Tensor& feature, const NetInput& input, Result& result) override {
    at::Tensor logits;
    {
      StageTimer timer(result.times, Stage::Head);
      logits = head_(feature);
    }
    if (wantsMargin_) fillMargins(logits, head_->upscale, input, result);
    StageTimer timer(result.times, Stage::Post);
    const cv::Mat& rgb = result.frame->rgb;
    kernels::SegmentArgmaxOptions o;
    o.width = rgb.cols;
    o.height = rgb.rows;
    o.gridWidth = input.grid.width * float(head_->upscale);
    o.gridHeight = input.grid.height * float(head_->upscale);
    const at::Tensor labels = kernels::segmentArgmax(logits, o);
    result.labels = cv::Mat(rgb.rows, rgb.cols, CV_8U, labels.data_ptr()).clone();
  }

  void wantMargin(bool wanted) override { wantsMargin_ = wanted; }

 private:
  SegmentationHead head_;
  bool wantsMargin_ = false;
};

}  // namespace

std::unique_ptr<Task> makeSegmentation(const ModelPtr& model) { return std::make_unique<Segmentation>(model); }

}  // namespace dff
