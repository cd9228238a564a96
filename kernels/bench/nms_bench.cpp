#include "kernels/nms.h"

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <algorithm>
#include <numeric>

#include "kernels/bench/fastest.h"

using namespace dff;

namespace {

struct Boxes {
  at::Tensor boxes, scores;
};

/// Proposals as an untrained network makes them: all over the picture, of every size.
Boxes boxesOf(const benchmark::State& state) {
  kernels::useThreads();
  at::manual_seed(1);
  const int64_t count = state.range(0);
  const at::Tensor middle = at::rand({count, 2}) * at::tensor({1000.f, 600.f});
  const at::Tensor half = at::exp(at::rand({count, 2}) * 3 + 2) / 2;
  return {at::cat({middle - half, middle + half}, 1), at::rand({count})};
}

void nms(benchmark::State& state) {
  const Boxes b = boxesOf(state);
  kernels::runFastest(state, [&] { return kernels::nms(b.boxes, b.scores, 0.7, state.range(1)); });
}

double overlap(const float* a, const float* b) {
  const float width = std::max(0.f, std::min(a[2], b[2]) - std::max(a[0], b[0]) + 1);
  const float height = std::max(0.f, std::min(a[3], b[3]) - std::max(a[1], b[1]) + 1);
  const auto area = [](const float* box) { return (box[2] - box[0] + 1) * (box[3] - box[1] + 1); };
  return width * height / (area(a) + area(b) - width * height);
}

std::vector<int64_t> doubleLoop(const Boxes& b, int64_t atMost) {
  const float *boxes = b.boxes.data_ptr<float>(), *scores = b.scores.data_ptr<float>();
  std::vector<int64_t> order(size_t(b.scores.numel())), taken;
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t i, int64_t j) { return scores[i] > scores[j]; });
  for (const int64_t i : order) {
    if (int64_t(taken.size()) == atMost) break;
    if (std::none_of(taken.begin(), taken.end(),
                     [&](int64_t t) { return overlap(boxes + 4 * i, boxes + 4 * t) > 0.7; }))
      taken.push_back(i);
  }
  return taken;
}

void plainDoubleLoop(benchmark::State& state) {
  const Boxes b = boxesOf(state);
  kernels::runFastest(state, [&] { return doubleLoop(b, state.range(1)); });
}

void sizes(benchmark::internal::Benchmark* b) {
  b->Args({6000, 6000})->Args({6000, 300})->Args({300, 300})->UseRealTime();
}

BENCHMARK(nms)->Apply(sizes);
BENCHMARK(plainDoubleLoop)->Apply(sizes);

}  // namespace
