#include "core/eval/motion_scores.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

namespace dff {
namespace {

/// A coarse flow in cells as a flow of the picture in its pixels, bilinear.
cv::Mat pixelFlow(const cv::Mat& cells, cv::Size2f grid, cv::Size size) {
  if (cells.empty()) return cv::Mat::zeros(size, CV_32FC2);
  const double across = grid.width / double(size.width), down = grid.height / double(size.height);
  const cv::Matx23d cellOfPixel(across, 0, across / 2 - 0.5, 0, down, down / 2 - 0.5);
  cv::Mat flow;
  cv::warpAffine(cells, flow, cellOfPixel, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
  return flow.mul(cv::Scalar(1 / across, 1 / down));
}

}  // namespace

void Share::add(const cv::Mat& labels, const cv::Mat& other) {
  equal += cv::countNonZero((labels == other) & (other != kIgnore));
  pixels += cv::countNonZero(other != kIgnore);
}

NeutralMotion::NeutralMotion() : dis_(cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_MEDIUM)) {}

void NeutralMotion::next(const cv::Mat& rgb) {
  cv::Mat gray;
  cv::cvtColor(rgb, gray, cv::COLOR_RGB2GRAY);
  before_.release();
  if (gray_.size() == gray.size()) {
    dis_->calc(gray, gray_, before_);
    for (int y = 0; y < before_.rows; ++y)
      for (int x = 0; x < before_.cols; ++x) before_.at<cv::Point2f>(y, x) += cv::Point2f(float(x), float(y));
  }
  gray_ = gray;
}

cv::Mat NeutralMotion::moved(const cv::Mat& labelsBefore) const {
  cv::Mat now;
  cv::remap(labelsBefore, now, before_, {}, cv::INTER_NEAREST, cv::BORDER_CONSTANT, cv::Scalar(kIgnore));
  return now;
}

void addEndPointErrors(const Result& result, const DenseMotion& truth, Mean& errors) {
  const cv::Mat flow = pixelFlow(result.keyFromCur, result.gridInFrame, truth.flow.size());
  for (int y = 0; y < flow.rows; ++y)
    for (int x = 0; x < flow.cols; ++x) {
      if (!truth.visible.at<uint8_t>(y, x)) continue;
      const cv::Point2f miss = flow.at<cv::Point2f>(y, x) - truth.flow.at<cv::Point2f>(y, x);
      errors.sum += std::hypot(miss.x, miss.y);
      ++errors.count;
    }
}

}  // namespace dff
