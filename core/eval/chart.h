#pragma once
#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

namespace dff {

/// One curve. Values that are not finite leave a gap out of it.
struct Series {
  std::string name;  ///< written at the curve's end
  std::vector<cv::Point2d> points;
  bool dashed = false;  ///< something to compare with, drawn in the key frame's colour and without dots
};

/// Curves over one another.
struct Chart {
  std::string title, xLabel;
  std::vector<Series> series;
  bool logarithmic = false;  ///< the y axis; values that are not above 0 are left out
};

/// Charts side by side, `columns` in a row. The one description of what is drawn, as text or as pixels.
struct Figure {
  std::string title;
  std::vector<Chart> charts;
  int columns = 2;
};

/// An <svg> element that needs nothing else to be shown.
std::string svgOf(const Figure& figure);

/// The same as [H,W] CV_8UC3 (R, G, B), twice the size of the SVG's units.
cv::Mat pictureOf(const Figure& figure);

/// Throws UsageError unless the name ends in .png or .svg.
void requireFigureName(const std::filesystem::path& path);

/// Writes a figure atomically, as the name's ending says. Throws Error.
void writeFigure(const std::filesystem::path& path, const Figure& figure);

}  // namespace dff
