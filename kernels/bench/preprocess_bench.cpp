#include "kernels/preprocess.h"

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <opencv2/imgproc.hpp>

#include "kernels/bench/fastest.h"
#include "kernels/preprocess_yuv.h"

using namespace dff;

namespace {

const std::array<float, 3> kMean = {123.7f, 116.3f, 103.5f}, kStd = {58.4f, 57.1f, 57.4f};

cv::Mat pictureOf(const benchmark::State& state) {
  cv::setNumThreads(kernels::useThreads());
  cv::Mat picture(int(state.range(1)), int(state.range(0)), CV_8UC3);
  cv::RNG(1).fill(picture, cv::RNG::UNIFORM, 0, 256);
  return picture;
}

void preprocess(benchmark::State& state) {
  const cv::Mat p = pictureOf(state);
  const kernels::PreprocessOptions options{480, 360, 480, 368, kMean, kStd, false};
  kernels::runFastest(state, [&] { return kernels::preprocess(p.data, p.cols, p.rows, int64_t(p.step), options); });
}

at::Tensor openCvThenTorch(const cv::Mat& picture, const at::Tensor& mean, const at::Tensor& std) {
  cv::Mat small, padded;
  cv::resize(picture, small, {480, 360}, 0, 0, picture.cols > 480 ? cv::INTER_AREA : cv::INTER_LINEAR);
  const at::Tensor bytes = at::from_blob(small.data, {1, 360, 480, 3}, at::kByte);
  const at::Tensor x = bytes.permute({0, 3, 1, 2}).to(at::kFloat, false, false, at::MemoryFormat::Contiguous);
  return at::constant_pad_nd((x - mean) / std, {0, 0, 0, 8});
}

void openCvAndTorch(benchmark::State& state) {
  const at::InferenceMode guard;
  const cv::Mat p = pictureOf(state);
  const at::Tensor mean = at::tensor(at::ArrayRef<float>(kMean)).view({1, 3, 1, 1});
  const at::Tensor std = at::tensor(at::ArrayRef<float>(kStd)).view({1, 3, 1, 1});
  kernels::runFastest(state, [&] { return openCvThenTorch(p, mean, std); });
}

/// I420 with noise in it, the planes one after another.
cv::Mat planesOf(const benchmark::State& state) {
  cv::setNumThreads(kernels::useThreads());
  cv::Mat planes(int(state.range(1)) * 3 / 2, int(state.range(0)), CV_8U);
  cv::RNG(1).fill(planes, cv::RNG::UNIFORM, 16, 236);
  return planes;
}

void preprocessYuv(benchmark::State& state) {
  const at::InferenceMode guard;
  const cv::Mat planes = planesOf(state);
  const int w = int(state.range(0)), h = int(state.range(1));
  const uint8_t *u = planes.data + w * h, *v = u + w * h / 4;
  const kernels::YuvPicture p{planes.data, u, v, w, h, w, w / 2, 1, kernels::YuvMatrix::Bt601, false};
  const kernels::PreprocessOptions options{480, 360, 480, 368, kMean, kStd, false};
  kernels::runFastest(state, [&] { return kernels::preprocessYuv(p, options); });
}

void yuvByOpenCvAndTorch(benchmark::State& state) {
  const at::InferenceMode guard;
  const cv::Mat planes = planesOf(state);
  const at::Tensor mean = at::tensor(at::ArrayRef<float>(kMean)).view({1, 3, 1, 1});
  const at::Tensor std = at::tensor(at::ArrayRef<float>(kStd)).view({1, 3, 1, 1});
  cv::Mat rgb;
  kernels::runFastest(state, [&] {
    cv::cvtColor(planes, rgb, cv::COLOR_YUV2RGB_I420);
    return openCvThenTorch(rgb, mean, std);
  });
}

void sizes(benchmark::internal::Benchmark* b) {
  b->Args({480, 360})->Args({960, 720})->Args({1920, 1080})->Args({320, 240})->UseRealTime();
}

BENCHMARK(preprocess)->Apply(sizes);
BENCHMARK(openCvAndTorch)->Apply(sizes);
BENCHMARK(preprocessYuv)->Apply(sizes);
BENCHMARK(yuvByOpenCvAndTorch)->Apply(sizes);

}  // namespace
