#include <cstdio>

#include "core/base/error.h"
#include "core/eval/chart_canvas.h"

namespace dff {
namespace {

std::string hex(const Pen& pen) {
  char digits[8];
  std::snprintf(digits, sizeof digits, "#%02x%02x%02x", pen.color[0], pen.color[1], pen.color[2]);
  return digits;
}

std::string number(double value) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.1f", value);
  return digits;
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<')
      safe += "&lt;";
    else if (c == '&')
      safe += "&amp;";
    else
      safe += c;
  }
  return safe;
}

}  // namespace

SvgCanvas::SvgCanvas(cv::Size size, const Pen& ground)
    : svg_(dff::text(
          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"", size.width, "\" height=\"", size.height,
          "\" viewBox=\"0 0 ", size.width, " ", size.height,
          "\" font-family=\"Inter, Helvetica, Arial, sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"",
          hex(ground), "\"/>\n")) {}

void SvgCanvas::path(const std::vector<cv::Point2d>& points, const Pen& pen) {
  svg_ += "<polyline fill=\"none\" stroke-linejoin=\"round\" stroke=\"" + hex(pen) + "\" stroke-width=\"" +
          number(pen.width) + (pen.dashed ? "\" stroke-dasharray=\"5 4" : "") + "\" points=\"";
  for (const auto& p : points) svg_ += number(p.x) + "," + number(p.y) + " ";
  svg_ += "\"/>\n";
}

void SvgCanvas::dot(cv::Point2d centre, double radius, const Pen& pen) {
  svg_ += "<circle cx=\"" + number(centre.x) + "\" cy=\"" + number(centre.y) + "\" r=\"" + number(radius) +
          "\" fill=\"" + hex(pen) + "\"/>\n";
}

void SvgCanvas::text(cv::Point2d base, const std::string& words, Align align, double height, const Pen& pen) {
  constexpr const char* kAnchors[] = {"start", "middle", "end"};
  svg_ += "<text x=\"" + number(base.x) + "\" y=\"" + number(base.y) + "\" text-anchor=\"" + kAnchors[int(align)] +
          "\" font-size=\"" + number(height) + "\" fill=\"" + hex(pen) + "\">" + escaped(words) + "</text>\n";
}

}  // namespace dff
