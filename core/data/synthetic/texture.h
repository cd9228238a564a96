#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <opencv2/core/hal/intrin.hpp>
#include <opencv2/core/mat.hpp>
#include <vector>

namespace dff::street {

/// A picture that repeats, with its halved versions. CV_8UC4: colour, and a fourth channel that means coverage on a
/// cut-out surface and 255 less its own light on a solid one. Sides are powers of two.
struct Texture {
  std::vector<cv::Mat> levels;

  const cv::Mat& level(float lod) const {
    return levels[static_cast<size_t>(
        std::clamp(static_cast<int>(lod + 0.5f), 0, static_cast<int>(levels.size()) - 1))];
  }
};

/// Builds the halved versions; `rgb` CV_8UC3 of any size is first brought to powers of two, `fourth` CV_8U may be empty
/// (255 everywhere).
Texture makeTexture(const cv::Mat& rgb, const cv::Mat& fourth = {});

/// Base-2 logarithm, right to 0.09: enough to choose a level.
inline float roughLog2(float x) { return static_cast<float>(std::bit_cast<int32_t>(x)) * (1.f / (1 << 23)) - 126.94f; }

/// One texel, nearest; (u, v) in turns of the texture.
inline const uchar* nearestTexel(const cv::Mat& level, float u, float v) {
  const int x = cvFloor(u * static_cast<float>(level.cols)) & (level.cols - 1);
  const int y = cvFloor(v * static_cast<float>(level.rows)) & (level.rows - 1);
  return level.ptr<uchar>(y) + 4 * x;
}

/// Bilinear, 0 .. 255; (u, v) in turns of the texture.
inline cv::v_float32x4 sampleTexture(const cv::Mat& level, float u, float v) {
  const float fx = u * static_cast<float>(level.cols) - 0.5f, fy = v * static_cast<float>(level.rows) - 0.5f;
  const int ix = cvFloor(fx), iy = cvFloor(fy);
  const int x0 = 4 * (ix & (level.cols - 1)), x1 = 4 * ((ix + 1) & (level.cols - 1));
  const uchar* top = level.ptr<uchar>(iy & (level.rows - 1));
  const uchar* bottom = level.ptr<uchar>((iy + 1) & (level.rows - 1));
  const auto texel = [](const uchar* p) { return cv::v_cvt_f32(cv::v_reinterpret_as_s32(cv::v_load_expand_q(p))); };
  const cv::v_float32x4 ax = cv::v_setall_f32(fx - static_cast<float>(ix));
  const cv::v_float32x4 ay = cv::v_setall_f32(fy - static_cast<float>(iy));
  const cv::v_float32x4 a = texel(top + x0), c = texel(bottom + x0);
  const cv::v_float32x4 upper = a + (texel(top + x1) - a) * ax;
  const cv::v_float32x4 lower = c + (texel(bottom + x1) - c) * ax;
  return upper + (lower - upper) * ay;
}

}  // namespace dff::street
