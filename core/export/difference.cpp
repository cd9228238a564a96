#include "core/export/difference.h"

#include <opencv2/imgproc.hpp>

#include "core/base/error.h"

namespace dff {
namespace {
constexpr double kGrey = 0.55, kVoid = 0.25;  // brightness of what is equal and of what cannot be compared
constexpr double kCover = 0.8;
}  // namespace

cv::Mat paintDifference(const cv::Mat& picture, const std::array<cv::Mat, 2>& labels, int classes,
                        const std::array<uint8_t, 3>& color) {
  for (const cv::Mat& map : labels)
    if (map.size() != picture.size())
      fail("labels of ", map.cols, "x", map.rows, " do not fit a picture of ", picture.cols, "x", picture.rows);
  cv::Mat grey, painted(picture.size(), CV_8UC3);
  cv::cvtColor(picture, grey, cv::COLOR_RGB2GRAY);
  for (int y = 0; y < picture.rows; ++y) {
    const auto *g = grey.ptr<uint8_t>(y), *a = labels[0].ptr<uint8_t>(y), *b = labels[1].ptr<uint8_t>(y);
    auto* out = painted.ptr<cv::Vec3b>(y);
    for (int x = 0; x < picture.cols; ++x) {
      const bool isVoid = a[x] >= classes || b[x] >= classes, differs = !isVoid && a[x] != b[x];
      for (int c = 0; c < 3; ++c)
        out[x][c] = cv::saturate_cast<uint8_t>(differs ? kCover * color[size_t(c)] + (1 - kCover) * g[x]
                                                       : (isVoid ? kVoid : kGrey) * g[x]);
    }
  }
  return painted;
}

}  // namespace dff
