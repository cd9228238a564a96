#pragma once
#include <array>
#include <cstdint>
#include <opencv2/core/mat.hpp>

#include "core/export/colors.h"

namespace dff {

/// For each of the 256 values that a label may have: a colour and how strongly it covers, 0..255.
struct ClassPaint {
  std::array<Rgb, 256> color{};
  std::array<uint8_t, 256> alpha{};
};

/// Blends the colour of each pixel's class over `picture` [H,W] CV_8UC3; labels [H,W] CV_8U.
void blendClasses(cv::Mat& picture, const cv::Mat& labels, const ClassPaint& paint);

/// Draws lines of `thickness` pixels along the borders between classes, in the lighter colour of the two that meet, so
/// that an object keeps one outline all round.
void drawContours(cv::Mat& picture, const cv::Mat& labels, const ClassPaint& paint, int thickness);

/// Lays a coarse map over the picture, each cell as a sharp block: colors [h,w] CV_8UC3, alpha [h,w] CV_8U.
/// `gridInFrame` cells (may be fractional) cover the picture, counted from its upper left corner.
void blendCells(cv::Mat& picture, const cv::Mat& colors, const cv::Mat& alpha, cv::Size2f gridInFrame);

/// Lays `rgb` CV_8UC3 with `alpha` CV_8U on the picture with its upper left corner at `at`; cut off at the border.
void blendAt(cv::Mat& picture, const cv::Mat& rgb, const cv::Mat& alpha, cv::Point at);

}  // namespace dff
