#include <algorithm>
#include <cstring>

#include "kernels/blend_body.h"

namespace dff::kernels {
namespace {

constexpr int64_t kBlock = 256;  // pixels whose paint stays in the nearest cache
constexpr int64_t kSpill = 4;    // a pixel is written as four bytes

DFF_SIMD void blend(uint8_t* __restrict picture, const uint8_t* __restrict color, const uint8_t* __restrict alpha,
                    int64_t count) {
  for (int64_t i = 0; i < count; ++i) picture[i] = blendedByte(picture[i], color[i], alpha[i]);
}

/// Three of the four bytes of each pixel's entry, side by side.
DFF_INLINE void lookUp(const uint8_t* labels, int64_t count, const uint32_t table[256], uint8_t* to) {
  for (int64_t i = 0; i < count; ++i) std::memcpy(to + 3 * i, &table[labels[i]], sizeof(uint32_t));
}

}  // namespace

void blendBytes(uint8_t* picture, const uint8_t* color, const uint8_t* alpha, int64_t count) {
  blend(picture, color, alpha, count);
}

void blendLabels(const LabelledPicture& p, const LabelPaint& paint) {
  alignas(64) uint8_t color[3 * kBlock + kSpill], alpha[3 * kBlock + kSpill];
  for (int64_t y = 0; y < p.height; ++y)
    for (int64_t x = 0; x < p.width; x += kBlock) {
      const int64_t count = std::min(kBlock, p.width - x);
      const uint8_t* labels = p.labels + y * p.labelStride + x;
      lookUp(labels, count, paint.color, color);
      lookUp(labels, count, paint.alpha, alpha);
      blend(p.rgb + y * p.rgbStride + 3 * x, color, alpha, 3 * count);
    }
}

}  // namespace dff::kernels
