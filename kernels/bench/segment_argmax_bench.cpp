#include "kernels/segment_argmax.h"

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>

#include "kernels/bench/fastest.h"

using namespace dff;
namespace F = torch::nn::functional;

namespace {

constexpr auto kLast = at::MemoryFormat::ChannelsLast;

at::Tensor logitsOf(at::MemoryFormat layout) {
  kernels::useThreads();
  at::manual_seed(1);
  return at::randn({1, 11, 45, 60}).contiguous(layout);
}

F::InterpolateFuncOptions enlarging() {
  return F::InterpolateFuncOptions().size(std::vector<int64_t>{360, 480}).mode(torch::kBilinear).align_corners(false);
}

void segmentArgmax(benchmark::State& state, at::MemoryFormat layout) {
  const at::InferenceMode guard;
  const at::Tensor logits = logitsOf(layout);
  kernels::runFastest(state, [&] { return kernels::segmentArgmax(logits, {480, 360}); });
}

void interpolateArgmax(benchmark::State& state, at::MemoryFormat layout) {
  const at::InferenceMode guard;
  const at::Tensor logits = logitsOf(layout);
  kernels::runFastest(state, [&] { return F::interpolate(logits, enlarging()).argmax(1).to(at::kByte); });
}

void segmentArgmaxMargin(benchmark::State& state, at::MemoryFormat layout) {
  const at::InferenceMode guard;
  const at::Tensor logits = logitsOf(layout);
  kernels::runFastest(state, [&] { return kernels::segmentArgmaxMargin(logits, {480, 360}).margins; });
}

/// What LibTorch has for it: the two best of all, or the best, and the best without it.
void interpolateTopTwo(benchmark::State& state, at::MemoryFormat layout) {
  const at::InferenceMode guard;
  const at::Tensor logits = logitsOf(layout);
  kernels::runFastest(state, [&] {
    const auto [values, classes] = F::interpolate(logits, enlarging()).softmax(1).topk(2, 1);
    const at::Tensor labels = classes.select(1, 0).to(at::kByte);
    return values.select(1, 0) - values.select(1, 1);
  });
}

void interpolateMaxTwice(benchmark::State& state, at::MemoryFormat layout) {
  const at::InferenceMode guard;
  const at::Tensor logits = logitsOf(layout);
  kernels::runFastest(state, [&] {
    at::Tensor shares = F::interpolate(logits, enlarging()).softmax(1);
    const auto [best, winner] = shares.max(1, true);
    const at::Tensor labels = winner.to(at::kByte);
    return best - shares.scatter_(1, winner, 0).amax(1, true);
  });
}

/// The street model's logits for a picture of 480 x 360, each position by itself: what a probe and a policy are told.
at::Tensor streetLogits() {
  kernels::useThreads();
  at::manual_seed(1);
  return (at::randn({1, 11, 108, 144}) * 4).contiguous(kLast);
}

void marginsAsTheyAre(benchmark::State& state) {
  const at::InferenceMode guard;
  const at::Tensor logits = streetLogits();
  kernels::runFastest(state, [&] { return kernels::segmentArgmaxMargin(logits, {144, 108}).margins; });
}

float plainMargin(const at::TensorAccessor<float, 3>& logits, int64_t y, int64_t x) {
  float first = logits[0][y][x], second = -std::numeric_limits<float>::infinity(), sum = 0;
  for (int64_t k = 1; k < logits.size(0); ++k) {
    second = std::max(second, std::min(logits[k][y][x], first));
    first = std::max(first, logits[k][y][x]);
  }
  for (int64_t k = 0; k < logits.size(0); ++k) sum += std::exp(logits[k][y][x] - first);
  return (1 - std::exp(second - first)) / sum;
}

void marginsByAPlainLoop(benchmark::State& state) {
  const at::InferenceMode guard;
  const at::Tensor logits = streetLogits()[0], margins = at::empty({108, 144});
  const auto from = logits.accessor<float, 3>();
  auto to = margins.accessor<float, 2>();
  kernels::runFastest(state, [&] {
    for (int64_t y = 0; y < 108; ++y)
      for (int64_t x = 0; x < 144; ++x) to[y][x] = plainMargin(from, y, x);
    return margins;
  });
}

BENCHMARK(marginsAsTheyAre)->UseRealTime();
BENCHMARK(marginsByAPlainLoop)->UseRealTime();
BENCHMARK_CAPTURE(segmentArgmax, nchw, at::MemoryFormat::Contiguous)->UseRealTime();
BENCHMARK_CAPTURE(segmentArgmax, nhwc, kLast)->UseRealTime();
BENCHMARK_CAPTURE(interpolateArgmax, nchw, at::MemoryFormat::Contiguous)->UseRealTime();
BENCHMARK_CAPTURE(interpolateArgmax, nhwc, kLast)->UseRealTime();
BENCHMARK_CAPTURE(segmentArgmaxMargin, nchw, at::MemoryFormat::Contiguous)->UseRealTime();
BENCHMARK_CAPTURE(segmentArgmaxMargin, nhwc, kLast)->UseRealTime();
BENCHMARK_CAPTURE(interpolateTopTwo, nchw, at::MemoryFormat::Contiguous)->UseRealTime();
BENCHMARK_CAPTURE(interpolateTopTwo, nhwc, kLast)->UseRealTime();
BENCHMARK_CAPTURE(interpolateMaxTwice, nchw, at::MemoryFormat::Contiguous)->UseRealTime();
BENCHMARK_CAPTURE(interpolateMaxTwice, nhwc, kLast)->UseRealTime();

}  // namespace
