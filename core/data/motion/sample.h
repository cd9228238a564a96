#pragma once
#include <cmath>
#include <opencv2/core.hpp>

#include "core/data/motion/geometry.h"

namespace dff::motion {

/// The nearest pixel of a CV_8U image mirrored at its borders.
inline uchar nearestMirrored(const cv::Mat& image, const cv::Vec2f& at) {
  return image.ptr(mirrored(cvRound(at[1]), image.rows))[mirrored(cvRound(at[0]), image.cols)];
}

/// Bilinear sample of a CV_8UC3 image mirrored at its borders.
inline cv::Vec3b sampleMirrored(const cv::Mat& image, const cv::Vec2f& at) {
  const int x = cvFloor(at[0]), y = cvFloor(at[1]);
  const int fx = static_cast<int>((at[0] - static_cast<float>(x)) * 256 + 0.5F);
  const int fy = static_cast<int>((at[1] - static_cast<float>(y)) * 256 + 0.5F);
  const uchar* row0 = image.ptr(mirrored(y, image.rows));
  const uchar* row1 = image.ptr(mirrored(y + 1, image.rows));
  const int x0 = 3 * mirrored(x, image.cols), x1 = 3 * mirrored(x + 1, image.cols);
  cv::Vec3b out;
  for (int c = 0; c < 3; ++c) {
    const int top = row0[x0 + c] * (256 - fx) + row0[x1 + c] * fx;
    const int bottom = row1[x0 + c] * (256 - fx) + row1[x1 + c] * fx;
    out[c] = static_cast<uchar>((top * (256 - fy) + bottom * fy + (1 << 15)) >> 16);
  }
  return out;
}

}  // namespace dff::motion
