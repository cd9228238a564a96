#pragma once
#include <cstdint>

namespace dff::kernels {

/// What a network that only infers does with a cost volume (kernels/correlation.h) of maps [h,w,c]: times `gain`, and
/// what lies below 0 times `slope`, written to the first (2 radius + 1)^2 of `outChannels` channels.
struct MatchShape {
  int64_t h = 0, w = 0, c = 0;
  int64_t radius = 0;  ///< up to 16
  int64_t outChannels = 0;
  float gain = 1, slope = 1;

  int64_t side() const { return 2 * radius + 1; }
};

/// cur, key [h,w,c] -> out [h,w,outChannels]. Sixteen neighbours of a row are computed at once, where correlation()
/// sums over the channels of one: the sums need not be folded.
void match(const MatchShape& shape, const float* cur, const float* key, float* out);

}  // namespace dff::kernels
