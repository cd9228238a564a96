#include "kernels/correlation.h"

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "kernels/bench/fastest.h"

using namespace dff;

namespace {

constexpr int kRadius = 4;
constexpr auto kLast = at::MemoryFormat::ChannelsLast;

struct Maps {
  at::Tensor cur, key;
};

Maps mapsOf(const benchmark::State& state, at::MemoryFormat layout) {
  at::set_num_threads(2);
  at::manual_seed(1);
  const std::vector<int64_t> shape{state.range(0), state.range(1), state.range(2), state.range(3)};
  return {at::randn(shape).contiguous(layout), at::randn(shape).contiguous(layout)};
}

at::Tensor shiftedProducts(const Maps& m) {
  const at::Tensor padded = at::constant_pad_nd(m.key, {kRadius, kRadius, kRadius, kRadius});
  std::vector<at::Tensor> planes;
  for (int dy = 0; dy <= 2 * kRadius; ++dy)
    for (int dx = 0; dx <= 2 * kRadius; ++dx)
      planes.push_back((m.cur * padded.slice(2, dy, dy + m.cur.size(2)).slice(3, dx, dx + m.cur.size(3))).mean(1));
  return at::stack(planes, 1);
}

at::Tensor volumeOf(const Maps& m, bool ours) {
  return ours ? kernels::correlation(m.cur, m.key, kRadius) : shiftedProducts(m);
}

void correlation(benchmark::State& state, at::MemoryFormat layout, bool ours) {
  const at::InferenceMode guard;
  const Maps m = mapsOf(state, layout);
  kernels::runFastest(state, [&] { return volumeOf(m, ours); });
}

void learn(benchmark::State& state, at::MemoryFormat layout, bool ours) {
  Maps m = mapsOf(state, layout);
  for (at::Tensor* t : {&m.cur, &m.key}) t->requires_grad_(true);
  const at::Tensor gradient = at::randn_like(volumeOf(m, true));
  kernels::runFastest(state, [&] {
    for (at::Tensor* t : {&m.cur, &m.key}) t->mutable_grad() = at::Tensor();
    const at::Tensor out = volumeOf(m, ours);
    out.backward(gradient);
    return out;
  });
}

void sizes(benchmark::internal::Benchmark* b) { b->Args({1, 32, 23, 30})->Args({1, 64, 45, 60})->UseRealTime(); }

BENCHMARK_CAPTURE(correlation, nhwc, kLast, true)->Apply(sizes);
BENCHMARK_CAPTURE(correlation, nchw, at::MemoryFormat::Contiguous, true)->Apply(sizes);
BENCHMARK_CAPTURE(correlation, tensor_ops, at::MemoryFormat::Contiguous, false)->Apply(sizes);
BENCHMARK_CAPTURE(learn, correlation_nhwc, kLast, true)->Apply(sizes);
BENCHMARK_CAPTURE(learn, correlation_nchw, at::MemoryFormat::Contiguous, true)->Apply(sizes);
BENCHMARK_CAPTURE(learn, correlation_tensor_ops, at::MemoryFormat::Contiguous, false)->Apply(sizes);

}  // namespace
