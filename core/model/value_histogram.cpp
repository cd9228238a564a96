#include "core/model/value_histogram.h"

#include <algorithm>
#include <cmath>

namespace dff {

void ValueHistogram::makeRoomFor(float value) {
  if (top_ == 0) top_ = value;
  while (value > top_) {
    for (int i = 0; i < kBins; ++i)
      counts_[size_t(i)] = 2 * i < kBins ? counts_[size_t(2 * i)] + counts_[size_t(2 * i + 1)] : 0;
    top_ *= 2;
  }
}

void ValueHistogram::add(std::span<const float> values) {
  float most = 0;
  for (const float v : values)
    if (std::isfinite(v)) most = std::max(most, std::abs(v));
  largest_ = std::max(largest_, most);
  makeRoomFor(most);
  const float binsPerUnit = top_ > 0 ? kBins / top_ : 0;
  for (const float v : values) {
    if (!std::isfinite(v)) continue;
    ++counts_[size_t(std::min(kBins - 1, int(std::abs(v) * binsPerUnit)))];
    ++total_;
  }
}

float ValueHistogram::percentile(double part) const {
  const double wanted = part * double(total_);
  int64_t below = 0;
  for (int bin = 0; bin < kBins; ++bin) {
    below += counts_[size_t(bin)];
    if (double(below) >= wanted) return std::min(largest_, edge(bin + 1));
  }
  return largest_;
}

double ValueHistogram::errorOfCuttingAt(int bin, int steps) const {
  const double cut = edge(bin), unit = cut / steps, halfBin = edge(1) / 2;
  double error = 0;
  for (int i = 1; i < kBins; ++i) {  // what lies near 0 costs the same wherever the cut is
    const double beyond = edge(i) + halfBin - cut;
    error += double(counts_[size_t(i)]) * (i < bin ? unit * unit / 12 : beyond * beyond);
  }
  return error;
}

float ValueHistogram::leastError(int steps) const {
  constexpr int kStride = kBins / 256;
  int best = kBins;
  double least = errorOfCuttingAt(kBins, steps);
  for (int bin = kBins - kStride; bin > 0; bin -= kStride)
    if (const double error = errorOfCuttingAt(bin, steps); error < least) least = error, best = bin;
  return std::min(largest_, edge(best));
}

}  // namespace dff
