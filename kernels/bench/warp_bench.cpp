#include "kernels/warp.h"

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "kernels/bench/fastest.h"

using namespace dff;
namespace F = torch::nn::functional;

namespace {

constexpr auto kLast = at::MemoryFormat::ChannelsLast;

struct Inputs {
  at::Tensor feature, flow, scale, grid;
};

Inputs inputsOf(const benchmark::State& state, at::MemoryFormat layout) {
  kernels::useThreads();
  at::manual_seed(1);
  const int64_t c = state.range(0), h = state.range(1), w = state.range(2);
  Inputs in{at::randn({1, c, h, w}).contiguous(layout),
            at::randn({1, 2, h, w}) * 3,
            at::randn({1, c, h, w}).contiguous(layout),
            {}};
  const at::Tensor gx = (in.flow.select(1, 0) + at::arange(w).view({1, 1, w})) * 2 / (w - 1) - 1;
  const at::Tensor gy = (in.flow.select(1, 1) + at::arange(h).view({1, h, 1})) * 2 / (h - 1) - 1;
  in.grid = at::stack({gx, gy}, 3);
  return in;
}

at::Tensor gridSampled(const Inputs& in) {
  const auto options =
      F::GridSampleFuncOptions().mode(torch::kBilinear).padding_mode(torch::kZeros).align_corners(true);
  return F::grid_sample(in.feature, in.grid, options) * in.scale;
}

void warp(benchmark::State& state, at::MemoryFormat layout) {
  const at::InferenceMode guard;
  const Inputs in = inputsOf(state, layout);
  kernels::runFastest(state, [&] { return kernels::warp(in.feature, in.flow, in.scale); });
}

void warpInBfloat16(benchmark::State& state, at::MemoryFormat layout) {
  const at::InferenceMode guard;
  const Inputs in = inputsOf(state, layout);
  const at::Tensor feature = in.feature.to(at::kBFloat16), scale = in.scale.to(at::kBFloat16);
  kernels::runFastest(state, [&] { return kernels::warp(feature, in.flow, scale); });
}

void gridSampler(benchmark::State& state, at::MemoryFormat layout) {
  const at::InferenceMode guard;
  const Inputs in = inputsOf(state, layout);
  kernels::runFastest(state, [&] { return gridSampled(in); });
}

/// A copy with as many bytes read and written as warp's: three maps read and one written are two copies of one.
void copyOfTheSameBytes(benchmark::State& state) {
  const Inputs in = inputsOf(state, kLast);
  const at::Tensor from = at::cat({in.feature, in.scale}).flatten().slice(0, 0, in.feature.numel() * 3 / 2);
  const at::Tensor source = from.clone();
  at::Tensor to = at::empty_like(source);
  kernels::runFastest(state, [&] { return to.copy_(source); });
}

void learn(benchmark::State& state, at::MemoryFormat layout, bool ours) {
  Inputs in = inputsOf(state, layout);
  for (at::Tensor* t : {&in.feature, &in.flow, &in.grid, &in.scale}) t->requires_grad_(true);
  const at::Tensor gradient = at::randn(in.feature.sizes()).contiguous(layout);
  kernels::runFastest(state, [&] {
    for (at::Tensor* t : {&in.feature, &in.flow, &in.grid, &in.scale}) t->mutable_grad() = at::Tensor();
    const at::Tensor out = ours ? kernels::warp(in.feature, in.flow, in.scale) : gridSampled(in);
    out.backward(gradient);
    return out;
  });
}

void sizes(benchmark::internal::Benchmark* b) {
  b->Args({128, 45, 60})->Args({512, 23, 30})->Args({1024, 38, 63})->UseRealTime();
}

BENCHMARK_CAPTURE(warp, nhwc, kLast)->Apply(sizes);
BENCHMARK_CAPTURE(warp, nchw, at::MemoryFormat::Contiguous)->Apply(sizes);
BENCHMARK_CAPTURE(warpInBfloat16, nhwc, kLast)->Apply(sizes);
BENCHMARK_CAPTURE(gridSampler, nhwc, kLast)->Apply(sizes);
BENCHMARK_CAPTURE(gridSampler, nchw, at::MemoryFormat::Contiguous)->Apply(sizes);
BENCHMARK(copyOfTheSameBytes)->Apply(sizes);
BENCHMARK_CAPTURE(learn, warp_nhwc, kLast, true)->Apply(sizes);
BENCHMARK_CAPTURE(learn, warp_nchw, at::MemoryFormat::Contiguous, true)->Apply(sizes);
BENCHMARK_CAPTURE(learn, gridSampler_nhwc, kLast, false)->Apply(sizes);

}  // namespace

BENCHMARK_MAIN();
