#pragma once
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>

namespace dff::kernels {

/// Runs the benchmark and adds the fastest iteration in microseconds: what compares on a machine that others use too.
template <class Work>
void runFastest(benchmark::State& state, const Work& work) {
  using Clock = std::chrono::steady_clock;
  double best = 1e300;
  for (auto _ : state) {
    const auto start = Clock::now();
    benchmark::DoNotOptimize(work());
    best = std::min(best, std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  state.counters["fastest_us"] = best;
}

}  // namespace dff::kernels
