#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/eval/chart_canvas.h"

namespace dff {
namespace {

constexpr int kScale = 2;  // pixels a unit
constexpr int kSuper = 3;  // Hershey letters are strokes: drawn too large and averaged down they look like type
constexpr int kLarge = kScale * kSuper;
constexpr double kDash = 5, kGap = 4;
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr double kHersheyCapital = 21, kCapital = 0.7;  // height of capitals at scale 1; of the type's size

cv::Scalar scalar(const Pen& pen) { return {double(pen.color[0]), double(pen.color[1]), double(pen.color[2])}; }
cv::Point large(cv::Point2d p) { return {int(std::lround(p.x * kLarge)), int(std::lround(p.y * kLarge))}; }
int thickness(double width) { return std::max(1, int(std::lround(width * kLarge))); }

/// Cuts a path into dashes that run on round its corners.
std::vector<std::vector<cv::Point2d>> dashes(const std::vector<cv::Point2d>& points) {
  std::vector<std::vector<cv::Point2d>> all;
  double along = 0;
  for (size_t i = 1; i < points.size(); ++i) {
    const cv::Point2d a = points[i - 1], step = points[i] - a;
    const double length = std::hypot(step.x, step.y);
    for (double at = 0; at < length;) {
      const double phase = std::fmod(along, kDash + kGap);
      const double run = std::min(length - at, (phase < kDash ? kDash : kDash + kGap) - phase + 1e-9);
      if (phase < kDash) all.push_back({a + step * (at / length), a + step * ((at + run) / length)});
      at += run, along += run;
    }
  }
  return all;
}

}  // namespace

PictureCanvas::PictureCanvas(cv::Size size, const Pen& ground) : large_(size * kLarge, CV_8UC3, scalar(ground)) {}

void PictureCanvas::path(const std::vector<cv::Point2d>& points, const Pen& pen) {
  for (const auto& piece : pen.dashed ? dashes(points) : std::vector<std::vector<cv::Point2d>>{points})
    for (size_t i = 1; i < piece.size(); ++i)
      cv::line(large_, large(piece[i - 1]), large(piece[i]), scalar(pen), thickness(pen.width), cv::LINE_AA);
}

void PictureCanvas::dot(cv::Point2d centre, double radius, const Pen& pen) {
  cv::circle(large_, large(centre), thickness(radius), scalar(pen), cv::FILLED, cv::LINE_AA);
}

void PictureCanvas::text(cv::Point2d base, const std::string& words, Align align, double height, const Pen& pen) {
  const double scale = height * kCapital * kLarge / kHersheyCapital;
  const int stroke = std::max(1, int(std::lround(height * kLarge * 0.09)));
  int baseline = 0;
  const int width = cv::getTextSize(words, kFont, scale, stroke, &baseline).width;
  const cv::Point at = large(base) - cv::Point(width * int(align) / 2, 0);
  cv::putText(large_, words, at, kFont, scale, scalar(pen), stroke, cv::LINE_AA);
}

cv::Mat PictureCanvas::finished() const {
  cv::Mat picture;
  cv::resize(large_, picture, large_.size() / kSuper, 0, 0, cv::INTER_AREA);
  return picture;
}

}  // namespace dff
