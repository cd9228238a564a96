#include "kernels/segment_argmax.h"

#include <benchmark/benchmark.h>
#include <torch/torch.h>

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
