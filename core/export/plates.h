#pragma once
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "core/export/colors.h"

namespace dff {

/// A small picture with coverage, to be laid on a frame.
struct Plate {
  cv::Mat rgb;    ///< CV_8UC3, R, G, B
  cv::Mat alpha;  ///< CV_8U
};

/// A piece of a line of text in one colour.
struct TextPiece {
  std::string text;
  Rgb color = colors::kText;
};

/// Height in pixels of a capital letter on a picture of this size: legible at 360 lines, not loud at 1080.
int letterHeight(cv::Size picture);

/// A rounded plate with one line: a diamond or a dot in the first piece's colour, then the pieces.
enum class TagMark { Diamond, Dot };
Plate makeTag(TagMark mark, const std::vector<TextPiece>& pieces, int letterHeight);

/// One line of a legend.
struct LegendEntry {
  std::string name;
  Rgb color;
};

/// A rounded plate that lists the entries with a swatch each, in as many columns as the height `maxSize` asks for;
/// what does not fit into the width either is counted in a last line. Empty when nothing fits.
Plate makeLegend(const std::vector<LegendEntry>& entries, int letterHeight, cv::Size maxSize);

}  // namespace dff
