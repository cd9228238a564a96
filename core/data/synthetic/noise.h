#pragma once
#include <cstdint>
#include <opencv2/core/mat.hpp>

namespace dff::street {

/// SplitMix64: the same numbers everywhere, which the distributions of the standard library do not promise.
class Rng {
 public:
  explicit Rng(uint64_t seed) : state_(seed) {}
  uint64_t next();
  double uniform(double low, double high);
  int below(int count) { return static_cast<int>(next() % static_cast<uint64_t>(count)); }
  bool chance(double probability) { return uniform(0, 1) < probability; }
  /// A generator of its own for one part of the scene, so that a change in one part leaves the others as they are.
  Rng fork(uint64_t tag) const { return Rng(Rng(state_ ^ (tag * 0x9E3779B97F4A7C15ull)).next()); }

 private:
  uint64_t state_;
};

/// CV_32F fractal noise of mean 0, mostly within -1 .. 1, that repeats seamlessly where `cells` (of the coarsest
/// octave) and its doublings divide `size`.
cv::Mat fractalNoise(Rng& rng, cv::Size size, cv::Size cells, int octaves);

/// Multiplies a CV_8UC3 picture by 1 + amount * noise.
void modulate(cv::Mat& rgb, const cv::Mat& noise, double amount);

}  // namespace dff::street
