#include "core/export/plates.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "core/export/blend.h"

namespace dff {
namespace {

// Hershey letters are strokes: drawn this many times too large and averaged down they look like type.
constexpr int kSuper = 4;
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr double kCapital = 21;       // height of its capitals at scale 1
constexpr double kPlateCover = 0.72;  // of a plate's ground

double fontScale(int letter) { return letter * kSuper / kCapital; }
int strokeWidth(int letter) { return std::max(1, static_cast<int>(std::lround(letter * kSuper * 0.14))); }

int textWidth(const std::string& text, int letter) {
  int baseline = 0;
  const cv::Size size = cv::getTextSize(text, kFont, fontScale(letter), strokeWidth(letter), &baseline);
  return (size.width + kSuper - 1) / kSuper;
}

cv::Scalar scalar(const Rgb& c) { return {double(c[0]), double(c[1]), double(c[2])}; }

/// A plate while it is drawn: coordinates in its pixels; every shape is drawn kSuper times as large into a mask of its
/// own.
class Canvas {
 public:
  Canvas(cv::Size size, int radius) {
    plate_.rgb = cv::Mat(size, CV_8UC3, scalar(colors::kPlate));
    plate_.alpha = cv::Mat(size, CV_8U, cv::Scalar(0));
    roundedGround(radius);
  }

  void text(const std::string& text, cv::Point leftBase, int letter, const Rgb& color) {
    const cv::Rect box(leftBase.x - letter, leftBase.y - 2 * letter, textWidth(text, letter) + 2 * letter, 3 * letter);
    ink(box, color, [&](cv::Mat& mask, cv::Point origin) {
      cv::putText(mask, text, (leftBase - origin) * kSuper, kFont, fontScale(letter), 255, strokeWidth(letter));
    });
  }
  void diamond(cv::Point2f centre, float reach, const Rgb& color) {
    ink(around(centre, reach), color, [&](cv::Mat& mask, cv::Point origin) {
      const cv::Point c = large(centre, origin), dx(int(reach * kSuper), 0), dy(0, dx.x);
      cv::fillConvexPoly(mask, std::vector<cv::Point>{c - dx, c - dy, c + dx, c + dy}, 255);
    });
  }
  void dot(cv::Point2f centre, float radius, const Rgb& color) {
    ink(around(centre, radius), color, [&](cv::Mat& mask, cv::Point origin) {
      cv::circle(mask, large(centre, origin), int(radius * kSuper), 255, cv::FILLED);
    });
  }
  void square(cv::Point corner, int side, const Rgb& color) {
    ink({corner, cv::Size(side, side)}, color, [](cv::Mat& mask, cv::Point) { mask = 255; });
  }
  Plate finished() && { return std::move(plate_); }

 private:
  static cv::Point large(cv::Point2f p, cv::Point origin) { return (p - cv::Point2f(origin)) * float(kSuper); }
  static cv::Rect around(cv::Point2f centre, float reach) {
    const int r = static_cast<int>(reach) + 2;
    return {cv::Point(centre) - cv::Point(r, r), cv::Size(2 * r + 1, 2 * r + 1)};
  }

  /// `draw(mask, origin)` fills a mask of `box`, kSuper times as large; what it fills gets the colour.
  template <class Draw>
  void ink(cv::Rect box, const Rgb& color, Draw draw) {
    box &= cv::Rect({}, plate_.alpha.size());
    if (box.empty()) return;
    cv::Mat mask(box.size() * kSuper, CV_8U, cv::Scalar(0)), small;
    draw(mask, box.tl());
    cv::resize(mask, small, box.size(), 0, 0, cv::INTER_AREA);
    cv::Mat rgb = plate_.rgb(box), alpha = plate_.alpha(box);
    blendAt(rgb, cv::Mat(box.size(), CV_8UC3, scalar(color)), small, {});
    cv::max(alpha, small, alpha);
  }

  void roundedGround(int radius) {
    cv::Mat mask(plate_.alpha.size() * kSuper, CV_8U, cv::Scalar(0));
    const int r = radius * kSuper, right = mask.cols - 1 - r, bottom = mask.rows - 1 - r;
    const cv::Scalar cover(255 * kPlateCover);
    cv::rectangle(mask, {r, 0}, {right, mask.rows - 1}, cover, cv::FILLED);
    cv::rectangle(mask, {0, r}, {mask.cols - 1, bottom}, cover, cv::FILLED);
    for (cv::Point corner : {cv::Point(r, r), cv::Point(right, r), cv::Point(r, bottom), cv::Point(right, bottom)})
      cv::circle(mask, corner, r, cover, cv::FILLED);
    cv::resize(mask, plate_.alpha, plate_.alpha.size(), 0, 0, cv::INTER_AREA);
  }

  Plate plate_;
};

int cornerRadius(int letter) { return std::max(2, letter / 2); }

/// How the entries of a legend stand.
struct LegendLayout {
  int letter, pad, rowHeight, swatch, columnWidth;
  int rows = 0, columns = 0;

  LegendLayout(const std::vector<LegendEntry>& entries, int letterHeight, cv::Size maxSize)
      : letter(letterHeight), pad(letterHeight), rowHeight(letterHeight * 9 / 5), swatch(letterHeight) {
    int widest = textWidth("+ 999 more", letter);
    if (entries.size() < 999) widest = 0;
    for (const auto& entry : entries) widest = std::max(widest, textWidth(entry.name, letter));
    columnWidth = swatch + letter * 3 / 4 + widest;
    const int count = static_cast<int>(entries.size());
    const int mostRows = std::max(0, (maxSize.height - 2 * pad) / rowHeight);
    const int mostColumns = std::max(0, (maxSize.width - pad) / (columnWidth + pad));
    if (mostRows == 0 || mostColumns == 0) return;
    columns = std::min(mostColumns, (count + mostRows - 1) / mostRows);
    rows = std::min(mostRows, (count + columns - 1) / std::max(1, columns));
  }
  bool empty() const { return rows * columns == 0; }
  cv::Size size() const {
    return {columns * (columnWidth + pad) + pad, rows * rowHeight + 2 * pad - (rowHeight - letter)};
  }
  cv::Point cornerOf(int i) const { return {pad + i / rows * (columnWidth + pad), pad + i % rows * rowHeight}; }
};

}  // namespace

int letterHeight(cv::Size picture) {
  const double lines = std::min<double>(picture.height, picture.width * 0.75);
  return std::max(5, static_cast<int>(std::lround(7 * std::pow(lines / 360, 0.8))));
}

Plate makeTag(TagMark mark, const std::vector<TextPiece>& pieces, int letter) {
  const int pad = letter * 4 / 5, gap = letter * 3 / 5, markWidth = letter;
  int width = 2 * pad + markWidth;
  for (const auto& piece : pieces) width += gap + textWidth(piece.text, letter);
  const int height = letter + 2 * pad;
  Canvas canvas({width, height}, cornerRadius(letter));
  const cv::Point2f centre(float(pad) + float(markWidth) / 2, float(height) / 2);
  const Rgb color = pieces.empty() ? colors::kText : pieces.front().color;
  if (mark == TagMark::Diamond)
    canvas.diamond(centre, float(letter) * 0.62f, color);
  else
    canvas.dot(centre, float(letter) * 0.34f, color);
  int x = pad + markWidth;
  for (const auto& piece : pieces) {
    canvas.text(piece.text, {x + gap, pad + letter}, letter, piece.color);
    x += gap + textWidth(piece.text, letter);
  }
  return std::move(canvas).finished();
}

Plate makeLegend(const std::vector<LegendEntry>& entries, int letter, cv::Size maxSize) {
  const LegendLayout layout(entries, letter, maxSize);
  if (layout.empty()) return {};
  Canvas canvas(layout.size(), cornerRadius(letter));
  const int count = static_cast<int>(entries.size()), places = layout.rows * layout.columns;
  const int listed = count <= places ? count : places - 1;
  for (int i = 0; i < std::min(count, places); ++i) {
    const cv::Point corner = layout.cornerOf(i);
    const bool more = i == listed;
    if (!more) canvas.square(corner, layout.swatch, entries[static_cast<size_t>(i)].color);
    const std::string name =
        more ? "+ " + std::to_string(count - listed) + " more" : entries[static_cast<size_t>(i)].name;
    canvas.text(name, corner + cv::Point(layout.swatch + letter * 3 / 4, letter), letter, colors::kText);
  }
  return std::move(canvas).finished();
}

}  // namespace dff
