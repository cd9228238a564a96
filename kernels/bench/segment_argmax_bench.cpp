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

void segmentArgmax(benchmark::State& state, at::MemoryFormat layout) {
  const at::InferenceMode guard;
  const at::Tensor logits = logitsOf(layout);
  kernels::runFastest(state, [&] { return kernels::segmentArgmax(logits, {480, 360}); });
}

void interpolateArgmax(benchmark::State& state, at::MemoryFormat layout) {
  const at::InferenceMode guard;
  const at::Tensor logits = logitsOf(layout);
  const auto options =
      F::InterpolateFuncOptions().size(std::vector<int64_t>{360, 480}).mode(torch::kBilinear).align_corners(false);
  kernels::runFastest(state, [&] { return F::interpolate(logits, options).argmax(1).to(at::kByte); });
}

BENCHMARK_CAPTURE(segmentArgmax, nchw, at::MemoryFormat::Contiguous)->UseRealTime();
BENCHMARK_CAPTURE(segmentArgmax, nhwc, kLast)->UseRealTime();
BENCHMARK_CAPTURE(interpolateArgmax, nchw, at::MemoryFormat::Contiguous)->UseRealTime();
BENCHMARK_CAPTURE(interpolateArgmax, nhwc, kLast)->UseRealTime();

}  // namespace
