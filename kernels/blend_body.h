#pragma once
#include "kernels/blend.h"
#include "kernels/body.h"
#include "kernels/overlay_device.h"

namespace dff::kernels {

/// Exact: (s + (s >> 8)) >> 8 is (s - 128) / 255, rounded, for every sum of two products of bytes that weigh 255.
DFF_BODY uint8_t blendedByte(uint8_t under, uint8_t over, uint8_t alpha) {
  const uint16_t sum = uint16_t(under * (255 - alpha) + over * alpha + 128);
  return uint8_t(uint16_t(sum + (sum >> 8)) >> 8);
}

/// Index i: one byte.
struct BlendBytesBody {
  BlendBytesInput in;

  DFF_BODY int64_t count() const { return in.count; }
  DFF_BODY void operator()(int64_t i) const { in.picture[i] = blendedByte(in.picture[i], in.color[i], in.alpha[i]); }
};

/// Index i: one pixel. `paint` lies where the kernel runs.
struct BlendLabelsBody {
  LabelledPicture picture;
  const LabelPaint* paint;

  DFF_BODY int64_t count() const { return picture.width * picture.height; }
  DFF_BODY void operator()(int64_t i) const {
    const Split at = split(i, picture.width);
    const uint8_t label = picture.labels[at.quotient * picture.labelStride + at.rest];
    uint8_t* pixel = picture.rgb + at.quotient * picture.rgbStride + 3 * at.rest;
    const uint8_t alpha = uint8_t(paint->alpha[label]);
    for (int k = 0; k < 3; ++k) pixel[k] = blendedByte(pixel[k], uint8_t(paint->color[label] >> (8 * k)), alpha);
  }
};

}  // namespace dff::kernels
