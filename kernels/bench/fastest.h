#pragma once
#include <benchmark/benchmark.h>

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace dff::kernels {

/// Two threads, or as many as the environment's THREADS says.
inline int useThreads() {
  const char* asked = std::getenv("THREADS");
  const int threads = asked ? std::max(1, std::atoi(asked)) : 2;
  at::set_num_threads(threads);
  return threads;
}

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
