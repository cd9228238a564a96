#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "core/data/synthetic/paint.h"

namespace dff::street {
namespace {
constexpr int kBits = 4;  // of subpixel precision in OpenCV's drawing
}

Canvas::Canvas(double width, double height, double perMetre, Colour ground)
    : rgb(std::max(8, cvRound(height * perMetre)), std::max(8, cvRound(width * perMetre)), CV_8UC3, ground),
      alpha(rgb.size(), CV_8U, cv::Scalar(255)),
      width_(width),
      height_(height),
      perMetre_(perMetre) {}

cv::Point Canvas::pixel(cv::Point2d p) const {
  return {cvRound(p.x * perMetre_ * (1 << kBits)), cvRound((rgb.rows - p.y * perMetre_) * (1 << kBits))};
}

cv::Rect Canvas::pixels(const cv::Rect2d& area) const {
  const cv::Point low(cvRound(area.x * perMetre_), cvRound(rgb.rows - (area.y + area.height) * perMetre_));
  const cv::Point high(cvRound((area.x + area.width) * perMetre_), cvRound(rgb.rows - area.y * perMetre_));
  return cv::Rect(low, high) & cv::Rect(0, 0, rgb.cols, rgb.rows);
}

void Canvas::rect(const cv::Rect2d& area, Colour colour) { rgb(pixels(area)).setTo(colour); }

void Canvas::fourth(const cv::Rect2d& area, int value) { alpha(pixels(area)).setTo(value); }

void Canvas::gradient(const cv::Rect2d& area, Colour bottom, Colour top) {
  cv::Mat part = rgb(pixels(area));
  for (int y = 0; y < part.rows; ++y) part.row(y).setTo(mix(top, bottom, (y + 0.5) / part.rows));
}

void Canvas::polygon(const std::vector<cv::Point2d>& points, Colour colour) {
  std::vector<cv::Point> corners;
  for (const auto& p : points) corners.push_back(pixel(p));
  cv::fillPoly(rgb, std::vector<std::vector<cv::Point>>{corners}, colour, cv::LINE_AA, kBits);
}

void Canvas::line(cv::Point2d a, cv::Point2d b, double thickness, Colour colour) {
  cv::line(rgb, pixel(a), pixel(b), colour, std::max(1, cvRound(thickness * perMetre_)), cv::LINE_AA, kBits);
}

void Canvas::ellipse(cv::Point2d centre, cv::Size2d radii, Colour colour) {
  const cv::Size axes(cvRound(radii.width * perMetre_ * (1 << kBits)),
                      cvRound(radii.height * perMetre_ * (1 << kBits)));
  cv::ellipse(rgb, pixel(centre), axes, 0, 0, 360, colour, cv::FILLED, cv::LINE_AA, kBits);
}

void Canvas::text(const std::string& words, const cv::Rect2d& area, int font, Colour colour) {
  const cv::Rect box = pixels(area);
  int baseline = 0;
  const cv::Size unit = cv::getTextSize(words, font, 1, 2, &baseline);
  const double scale = std::min(double(box.width) / unit.width, box.height / (unit.height * 1.1));
  const cv::Point start(box.x + cvRound(box.width - unit.width * scale) / 2,
                        box.y + cvRound(box.height + unit.height * scale) / 2);
  cv::putText(rgb, words, start, font, scale, colour, std::max(1, cvRound(scale * 1.8)), cv::LINE_AA);
}

void Canvas::shadeArea(const cv::Rect2d& area, double bottom, double top) {
  cv::Mat part = rgb(pixels(area));
  for (int y = 0; y < part.rows; ++y) {
    cv::Mat line = part.row(y);
    const double share = (y + 0.5) / part.rows;
    line.convertTo(line, -1, top + (bottom - top) * share);
  }
}

void Canvas::grain(Rng& rng, double cellMetres, int octaves, double amount) {
  const cv::Size cells(std::max(4, cvRound(width_ / cellMetres)), std::max(4, cvRound(height_ / cellMetres)));
  const cv::Size whole((rgb.cols / cells.width + 1) * cells.width, (rgb.rows / cells.height + 1) * cells.height);
  modulate(rgb, fractalNoise(rng, whole, cells, octaves), amount);
}

Colour mix(Colour a, Colour b, double share) { return a * (1 - share) + b * share; }

Colour jitter(Rng& rng, Colour colour, double amount) {
  const double grey = rng.uniform(1 - amount, 1 + amount);
  for (int c = 0; c < 3; ++c)
    colour[c] = std::clamp(colour[c] * grey * rng.uniform(1 - amount / 2, 1 + amount / 2), 0.0, 255.0);
  return colour;
}

}  // namespace dff::street
