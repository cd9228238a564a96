#pragma once
#include <array>
#include <cstdint>
#include <span>

namespace dff {

/// How often magnitudes occur, in bins that grow with the largest one.
class ValueHistogram {
 public:
  /// Values that are not finite are left out.
  void add(std::span<const float> values);

  float largest() const { return largest_; }
  /// So many of all values, as a part, are at most this; to the next bin.
  float percentile(double part) const;
  /// Where to cut off for the least mean squared error of storing a value as 0 .. `steps` equal steps: of rounding
  /// below it, of what is cut off above.
  float leastError(int steps) const;

 private:
  static constexpr int kBins = 4096;
  void makeRoomFor(float value);
  double errorOfCuttingAt(int bin, int steps) const;
  float edge(int bin) const { return top_ * float(bin) / kBins; }

  std::array<int64_t, kBins> counts_{};
  int64_t total_ = 0;
  float top_ = 0;  // the end of the last bin
  float largest_ = 0;
};

}  // namespace dff
