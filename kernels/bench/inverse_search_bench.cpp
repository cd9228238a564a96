#include "kernels/inverse_search.h"

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include "kernels/bench/fastest.h"
#include "kernels/follow_motion.h"

using namespace dff;

namespace {

/// Two views of a smooth random picture, a few pixels apart.
struct Views {
  cv::Mat cur, key;  ///< CV_8U
};

Views viewsOf(const benchmark::State& state) {
  cv::setNumThreads(kernels::useThreads());
  const cv::Size size(int(state.range(1)), int(state.range(0)));
  cv::Mat scene(size + cv::Size(8, 8), CV_8U);
  cv::RNG(7).fill(scene, cv::RNG::UNIFORM, 0, 256);
  cv::GaussianBlur(scene, scene, {}, 3);
  cv::normalize(scene, scene, 0, 255, cv::NORM_MINMAX);
  return {scene(cv::Rect({3, 5}, size)).clone(), scene(cv::Rect({0, 6}, size)).clone()};
}

kernels::GrayPyramid pyramidOf(const cv::Mat& gray) {
  kernels::GrayPyramid pyramid;
  kernels::fillPyramid(torch::from_blob(gray.data, {1, 1, gray.rows, gray.cols}, at::kByte).to(at::kFloat), pyramid);
  return pyramid;
}

void inverseSearch(benchmark::State& state) {
  const at::InferenceMode guard;
  const Views views = viewsOf(state);
  const auto cur = pyramidOf(views.cur), key = pyramidOf(views.key);
  at::Tensor flow;
  kernels::runFastest(state, [&] { return kernels::inverseSearch(cur, key, flow), flow.data_ptr(); });
}

/// OpenCV's, as densely and as finely: patches of 8x8 every 4 pixels to the full resolution, nothing after the search.
void inverseSearchOfOpenCv(benchmark::State& state) {
  const Views views = viewsOf(state);
  const auto search = cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_MEDIUM);
  search->setFinestScale(0);
  search->setPatchStride(4);
  search->setVariationalRefinementIterations(0);
  cv::Mat flow;
  kernels::runFastest(state, [&] { return search->calc(views.cur, views.key, flow), flow.data; });
}

void followedBack(benchmark::State& state) {
  const at::InferenceMode guard;
  kernels::useThreads();
  at::manual_seed(1);
  std::vector<at::Tensor> steps;
  for (int64_t i = 0; i < state.range(2); ++i) steps.push_back(at::randn({2, state.range(0), state.range(1)}));
  kernels::runFastest(state, [&] { return kernels::followedBack(steps); });
}

}  // namespace

BENCHMARK(inverseSearch)->Args({216, 288});
BENCHMARK(inverseSearchOfOpenCv)->Args({216, 288});
BENCHMARK(followedBack)->Args({108, 144, 9});
