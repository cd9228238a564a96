#include "core/train/validation.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/model/dff_model.h"
#include "core/task/confusion.h"
#include "core/train/batch.h"
#include "kernels/warp.h"

namespace dff {
namespace {

constexpr int kEvery = 3;

/// Padded right and below with the mean, to a multiple of the model's.
torch::Tensor paddedInput(const cv::Mat& rgb, const InputSpec& input) {
  const int m = input.padMultiple;
  const auto x = normalised(rgb, input);
  return torch::constant_pad_nd(x, {0, (m - x.size(3) % m) % m, 0, (m - x.size(2) % m) % m});
}

cv::Mat classesOf(const torch::Tensor& logits, const torch::Tensor& input, cv::Size size) {
  const auto large = at::upsample_bilinear2d(logits, {input.size(2), input.size(3)}, false);
  const auto labels = large.argmax(1)[0].slice(0, 0, size.height).slice(1, 0, size.width).to(torch::kByte).contiguous();
  return cv::Mat(size, CV_8U, labels.data_ptr()).clone();
}

}  // namespace

Validation validateModel(const ModelPtr& model, const Dataset& data, int gap, bool propagated) {
  torch::NoGradGuard guard;
  model->eval();
  const int classes = int(model->spec.classes.size());
  ConfusionMatrix frame(classes), moved(classes);
  propagated = propagated && data.consecutive() && data.size() > gap;
  for (int64_t i = 0; i < data.size(); i += kEvery) {
    const cv::Mat rgb = data.image(i), truth = data.labels(i);
    const auto cur = paddedInput(rgb, model->spec.input);
    frame.add(truth, classesOf(model->segmentation(model->feature(cur)), cur, rgb.size()));
    if (!propagated || i < gap) continue;
    const auto key = paddedInput(data.image(i - gap), model->spec.input);
    const auto estimate = model->flow->estimate(model->flow->encode(cur), model->flow->encode(key));
    const auto feature = kernels::warp(model->feature(key), estimate.keyFromCur, estimate.scale);
    moved.add(truth, classesOf(model->segmentation(feature), cur, rgb.size()));
  }
  return {frame.meanIou(), propagated ? moved.meanIou() : -1};
}

}  // namespace dff
