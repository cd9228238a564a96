#include "kernels/psroi_pool.h"

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <algorithm>

#include "kernels/bench/fastest.h"

using namespace dff;

namespace {

constexpr int64_t kGroup = 7, kRegions = 300;
constexpr double kScale = 1. / 16;

struct Case {
  at::Tensor maps, rois;
};

Case caseOf(const benchmark::State& state, at::MemoryFormat layout) {
  kernels::useThreads();
  at::manual_seed(1);
  const at::Tensor maps = at::randn({1, state.range(0) * kGroup * kGroup, 38, 63}).contiguous(layout);
  const at::Tensor corner = at::rand({kRegions, 2}) * at::tensor({800.f, 400.f}),
                   side = at::rand({kRegions, 2}) * 300 + 16;
  return {maps, at::cat({at::zeros({kRegions, 1}), corner, corner + side}, 1)};
}

void psroiPool(benchmark::State& state, at::MemoryFormat layout) {
  const at::InferenceMode guard;
  const Case c = caseOf(state, layout);
  kernels::runFastest(state, [&] { return kernels::psroiPool(c.maps, c.rois, {kGroup, kScale}); });
}

/// The cells of bin `p` along an axis.
std::pair<int64_t, int64_t> span(float first, float last, int64_t p, int64_t cells) {
  const float start = std::round(first) * float(kScale), end = (std::round(last) + 1) * float(kScale);
  const float bin = std::max(end - start, 0.1f) / kGroup;
  return {std::clamp<int64_t>(int64_t(std::floor(float(p) * bin + start)), 0, cells),
          std::clamp<int64_t>(int64_t(std::ceil(float(p + 1) * bin + start)), 0, cells)};
}

/// LibTorch has no such operation: a mean over a slice for each bin of each region.
at::Tensor meansOfSlices(const Case& c) {
  const int64_t outputs = c.maps.size(1) / (kGroup * kGroup);
  const at::Tensor grouped = c.maps[0].view({outputs, kGroup, kGroup, c.maps.size(2), c.maps.size(3)});
  at::Tensor out = at::zeros({kRegions, outputs, kGroup, kGroup});
  const auto roi = c.rois.accessor<float, 2>();
  for (int64_t r = 0; r < kRegions; ++r)
    for (int64_t gy = 0; gy < kGroup; ++gy)
      for (int64_t gx = 0; gx < kGroup; ++gx) {
        const auto [x0, x1] = span(roi[r][1], roi[r][3], gx, c.maps.size(3));
        const auto [y0, y1] = span(roi[r][2], roi[r][4], gy, c.maps.size(2));
        if (x1 <= x0 || y1 <= y0) continue;
        const at::Tensor cells = grouped.select(1, gy).select(1, gx).slice(1, y0, y1).slice(2, x0, x1);
        out[r].select(1, gy).select(1, gx).copy_(cells.mean({1, 2}));
      }
  return out;
}

void slices(benchmark::State& state) {
  const at::InferenceMode guard;
  const Case c = caseOf(state, at::MemoryFormat::Contiguous);
  kernels::runFastest(state, [&] { return meansOfSlices(c); });
}

void sizes(benchmark::internal::Benchmark* b) { b->Args({31})->Args({8})->UseRealTime(); }

BENCHMARK_CAPTURE(psroiPool, nchw, at::MemoryFormat::Contiguous)->Apply(sizes);
BENCHMARK_CAPTURE(psroiPool, nhwc, at::MemoryFormat::ChannelsLast)->Apply(sizes);
BENCHMARK(slices)->Apply(sizes);

}  // namespace
