#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

namespace dff {

/// Where text stands at its point.
enum class Align { Left, Middle, Right };

/// How something is drawn.
struct Pen {
  std::array<uint8_t, 3> color{};  ///< R, G, B
  double width = 1;
  bool dashed = false;
};

/// What a figure is drawn on; units are those of the SVG.
class Canvas {
 public:
  virtual ~Canvas() = default;
  virtual void path(const std::vector<cv::Point2d>& points, const Pen& pen) = 0;
  virtual void dot(cv::Point2d centre, double radius, const Pen& pen) = 0;
  /// `base`: on the line that letters stand on; `height`: the type's size.
  virtual void text(cv::Point2d base, const std::string& text, Align align, double height, const Pen& pen) = 0;
};

/// A canvas that becomes an <svg> element.
class SvgCanvas : public Canvas {
 public:
  SvgCanvas(cv::Size size, const Pen& ground);
  void path(const std::vector<cv::Point2d>& points, const Pen& pen) override;
  void dot(cv::Point2d centre, double radius, const Pen& pen) override;
  void text(cv::Point2d base, const std::string& text, Align align, double height, const Pen& pen) override;
  std::string finished() const { return svg_ + "</svg>\n"; }

 private:
  std::string svg_;
};

/// A canvas of pixels, two a unit.
class PictureCanvas : public Canvas {
 public:
  PictureCanvas(cv::Size size, const Pen& ground);
  void path(const std::vector<cv::Point2d>& points, const Pen& pen) override;
  void dot(cv::Point2d centre, double radius, const Pen& pen) override;
  void text(cv::Point2d base, const std::string& text, Align align, double height, const Pen& pen) override;
  cv::Mat finished() const;

 private:
  cv::Mat large_;  // drawn too large and averaged down
};

}  // namespace dff
