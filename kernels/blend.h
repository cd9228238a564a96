#pragma once
#include <cstdint>

namespace dff::kernels {

/// For each value that a label may have, four bytes: R, G, B and one unused; how strongly they cover, 0 to 255, stands
/// three times (and one unused).
struct LabelPaint {
  uint32_t color[256] = {};
  uint32_t alpha[256] = {};
};

/// A picture of three bytes a pixel and the label of each pixel; strides in bytes from row to row.
struct LabelledPicture {
  uint8_t* rgb = nullptr;
  int64_t rgbStride = 0;
  const uint8_t* labels = nullptr;
  int64_t labelStride = 0;
  int64_t width = 0, height = 0;
};

/// picture = (picture * (255 - alpha) + color * alpha) / 255, rounded, for each of `count` bytes. On the calling
/// thread: a row is too little to share.
void blendBytes(uint8_t* picture, const uint8_t* color, const uint8_t* alpha, int64_t count);

/// The same for whole pictures, with the colour and cover of each pixel's label. On the calling thread, because
/// pictures are painted beside the networks, which have all cores.
void blendLabels(const LabelledPicture& picture, const LabelPaint& paint);

}  // namespace dff::kernels
