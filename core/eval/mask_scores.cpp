#include "core/eval/mask_scores.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace dff {
namespace {

constexpr double kTolerance = 0.008;  // of the diagonal

/// Pixels that differ from the one to the right, below, or both.
cv::Mat contourOf(const cv::Mat& mask) {
  cv::Mat wide;
  cv::copyMakeBorder(mask != 0, wide, 0, 1, 0, 1, cv::BORDER_REPLICATE);
  const auto from = [&](int x, int y) { return wide(cv::Rect({x, y}, mask.size())); };
  const cv::Mat here = from(0, 0);
  return (here ^ from(1, 0)) | (here ^ from(0, 1)) | (here ^ from(1, 1));
}

cv::Mat disk(int radius) {
  cv::Mat shape(2 * radius + 1, 2 * radius + 1, CV_8U);
  for (int y = -radius; y <= radius; ++y)
    for (int x = -radius; x <= radius; ++x) shape.at<uchar>(y + radius, x + radius) = x * x + y * y <= radius * radius;
  return shape;
}

/// Share of one contour that lies near another; of none it is as `ofNone` says.
double shareNear(const cv::Mat& contour, const cv::Mat& other, const cv::Mat& reach, double ofNone) {
  const int all = cv::countNonZero(contour);
  if (all == 0) return ofNone;
  cv::Mat around;
  cv::dilate(other, around, reach, {-1, -1}, 1, cv::BORDER_CONSTANT, cv::Scalar());
  return cv::countNonZero(contour & around) / double(all);
}

double meanOf(const std::vector<double>& values, size_t from, size_t to) {
  double sum = 0;
  for (size_t i = from; i < to; ++i) sum += values[i];
  return to > from ? sum / double(to - from) : 0;
}

/// The first quarter of the frames less the last.
double decayOf(const std::vector<double>& values) {
  const size_t quarter = (values.size() + 3) / 4;
  return meanOf(values, 0, quarter) - meanOf(values, values.size() - quarter, values.size());
}

}  // namespace

double regionSimilarity(const cv::Mat& said, const cv::Mat& truth) {
  const int either = cv::countNonZero((said != 0) | (truth != 0));
  return either ? cv::countNonZero((said != 0) & (truth != 0)) / double(either) : 1;
}

double contourAccuracy(const cv::Mat& said, const cv::Mat& truth) {
  const cv::Mat ofSaid = contourOf(said), ofTruth = contourOf(truth);
  const cv::Mat reach = disk(int(std::ceil(kTolerance * std::hypot(truth.cols, truth.rows))));
  const bool nothingSaid = cv::countNonZero(ofSaid) == 0, nothingThere = cv::countNonZero(ofTruth) == 0;
  if (nothingSaid != nothingThere) return 0;
  const double precision = shareNear(ofSaid, ofTruth, reach, 1), recall = shareNear(ofTruth, ofSaid, reach, 1);
  return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
}

void MaskScorer::add(int64_t video, const cv::Mat& said, const cv::Mat& truth) {
  videos_[video].push_back({regionSimilarity(said, truth), contourAccuracy(said, truth)});
}

MaskScores MaskScorer::scores() const {
  if (videos_.empty()) return {};
  MaskScores sum{0, 0, 0, 0};
  for (const auto& [video, frames] : videos_) {
    std::vector<double> regions, contours;
    for (const auto& frame : frames) regions.push_back(frame.region), contours.push_back(frame.contour);
    sum.region += meanOf(regions, 0, regions.size());
    sum.contour += meanOf(contours, 0, contours.size());
    sum.recall += double(std::count_if(regions.begin(), regions.end(), [](double j) { return j > 0.5; })) /
                  double(regions.size());
    sum.decay += decayOf(regions);
  }
  const double n = double(videos_.size());
  return {sum.region / n, sum.contour / n, sum.recall / n, sum.decay / n};
}

}  // namespace dff
