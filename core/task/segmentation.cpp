#include <torch/torch.h>

#include "core/model/dff_model.h"
#include "core/task/task.h"
#include "kernels/segment_argmax.h"

namespace dff {
namespace {

class Segmentation : public Task {
 public:
  explicit Segmentation(ModelPtr model) : head_(model->segmentation) {}

  void run(const at::Tensor& feature, const NetInput& input, Result& result) override {
    at::Tensor logits;
    {
      StageTimer timer(result.times, Stage::Head);
      logits = head_(feature);
    }
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

 private:
  SegmentationHead head_;
};

}  // namespace

std::unique_ptr<Task> makeSegmentation(const ModelPtr& model) { return std::make_unique<Segmentation>(model); }

}  // namespace dff
