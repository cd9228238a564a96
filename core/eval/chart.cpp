#include "core/eval/chart.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/eval/chart_axis.h"
#include "core/eval/chart_canvas.h"

namespace dff {
namespace {

// Units of the SVG. Colours are those of the window's light look.
constexpr int kWidth = 480, kHeight = 290, kTitleRow = 40;
constexpr double kLeft = 52, kRight = 122, kTop = 40, kBottom = 42, kType = 12, kTitleType = 14, kLabelGap = 14;
constexpr Pen kGround{{0xfb, 0xfb, 0xfc}}, kText{{0x1c, 0x20, 0x26}}, kDim{{0x5a, 0x63, 0x6e}},
    kGrid{{0xd5, 0xd9, 0xdf}, 0.8}, kCompared{{0x96, 0x5c, 0x00}, 1.6, true};
constexpr Pen kCurves[] = {{{0x0b, 0x72, 0x85}, 2}, {{0x6d, 0x5b, 0xd0}, 2}, {{0x5a, 0x63, 0x6e}, 2},
                           {{0x18, 0x7a, 0x41}, 2}, {{0xc9, 0x3a, 0x3a}, 2}, {{0x2a, 0x63, 0xd6}, 2},
                           {{0xb0, 0x4f, 0x92}, 2}, {{0x8a, 0x7a, 0x1e}, 2}};
constexpr size_t kMostDots = 24;

/// One chart while it is drawn into its rectangle of the figure.
class ChartDrawing {
 public:
  ChartDrawing(const Chart& chart, cv::Point2d corner, Canvas& canvas)
      : chart_(chart),
        canvas_(canvas),
        left_(corner.x + kLeft),
        right_(corner.x + kWidth - kRight),
        top_(corner.y + kTop),
        bottom_(corner.y + kHeight - kBottom) {}

  void draw() {
    canvas_.text({left_, top_ - 16}, chart_.title, Align::Left, kTitleType, kText);
    if (!measure())
      return canvas_.text({(left_ + right_) / 2, (top_ + bottom_) / 2}, "nothing yet", Align::Middle, kType, kDim);
    drawGrid();
    int plain = 0;
    for (const auto& s : chart_.series)
      drawSeries(s, s.dashed ? kCompared : kCurves[size_t(plain++) % std::size(kCurves)]);
    drawLabels();
  }

 private:
  struct Label {
    double y;
    std::string name;
    Pen pen;
  };

  /// Sets the axes; false where there is nothing to draw.
  bool measure() {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    cv::Point2d least(kInfinity, kInfinity), most = -least;
    for (const auto& s : chart_.series)
      for (const auto& p : s.points)
        if (isDrawn(p)) {
          least = {std::min(least.x, p.x), std::min(least.y, p.y)};
          most = {std::max(most.x, p.x), std::max(most.y, p.y)};
        }
    if (!(least.x <= most.x)) return false;
    x_ = Axis::around(least.x, most.x, false);
    y_ = Axis::around(least.y, most.y, chart_.logarithmic);
    return true;
  }

  bool isDrawn(const cv::Point2d& p) const {
    return std::isfinite(p.x) && std::isfinite(p.y) && (!chart_.logarithmic || p.y > 0);
  }

  cv::Point2d at(const cv::Point2d& p) const {
    return {left_ + x_.place(p.x) * (right_ - left_), bottom_ - y_.place(p.y) * (bottom_ - top_)};
  }

  void drawGrid() {
    const auto ys = y_.ticks(5), xs = x_.ticks(5, 1);  // steps and frames are whole
    for (const double y : ys) {
      const double place = at({x_.low, y}).y, step = y_.logarithmic ? y : ys.size() > 1 ? ys[1] - ys[0] : y;
      canvas_.path({{left_, place}, {right_, place}}, kGrid);
      canvas_.text({left_ - 8, place + 4}, tickText(y, std::abs(step) > 0 ? std::abs(step) : 1), Align::Right, kType,
                   kDim);
    }
    for (const double x : xs) {
      const double place = at({x, y_.low}).x;
      canvas_.path({{place, top_}, {place, bottom_}}, kGrid);
      canvas_.text({place, bottom_ + 16}, tickText(x, xs.size() > 1 ? xs[1] - xs[0] : 1), Align::Middle, kType, kDim);
    }
    canvas_.text({(left_ + right_) / 2, bottom_ + 34}, chart_.xLabel, Align::Middle, kType, kDim);
  }

  void drawSeries(const Series& series, const Pen& pen) {
    std::vector<cv::Point2d> line;
    for (const auto& p : series.points)
      if (isDrawn(p)) line.push_back(at(p));
    if (line.empty()) return;
    canvas_.path(line, pen);
    if (!pen.dashed && line.size() <= kMostDots)
      for (const auto& p : line) canvas_.dot(p, 3, pen);
    labels_.push_back({line.back().y, series.name, pen});
  }

  /// Names at the ends of their curves, moved apart where they would lie on one another.
  void drawLabels() {
    std::stable_sort(labels_.begin(), labels_.end(), [](const Label& a, const Label& b) { return a.y < b.y; });
    for (size_t i = 1; i < labels_.size(); ++i) labels_[i].y = std::max(labels_[i].y, labels_[i - 1].y + kLabelGap);
    double lowest = bottom_ + 4;
    for (size_t i = labels_.size(); i-- > 0; lowest = labels_[i].y - kLabelGap)
      labels_[i].y = std::min(labels_[i].y, lowest);
    for (const auto& label : labels_)
      canvas_.text({right_ + 8, label.y + 4}, label.name, Align::Left, kType, label.pen);
  }

  const Chart& chart_;
  Canvas& canvas_;
  double left_, right_, top_, bottom_;
  Axis x_, y_;
  std::vector<Label> labels_;
};

cv::Size sizeOf(const Figure& figure) {
  const int count = int(figure.charts.size()), columns = std::clamp(figure.columns, 1, std::max(1, count));
  return {kWidth * columns, (figure.title.empty() ? 0 : kTitleRow) + kHeight * ((count + columns - 1) / columns)};
}

void draw(const Figure& figure, Canvas& canvas) {
  if (!figure.title.empty()) canvas.text({kLeft, 26}, figure.title, Align::Left, kTitleType + 2, kText);
  const int columns = sizeOf(figure).width / kWidth, titleRow = figure.title.empty() ? 0 : kTitleRow;
  for (int i = 0; i < int(figure.charts.size()); ++i)
    ChartDrawing(figure.charts[size_t(i)], {double(i % columns * kWidth), double(titleRow + i / columns * kHeight)},
                 canvas)
        .draw();
}

}  // namespace

std::string svgOf(const Figure& figure) {
  SvgCanvas canvas(sizeOf(figure), kGround);
  draw(figure, canvas);
  return canvas.finished();
}

cv::Mat pictureOf(const Figure& figure) {
  PictureCanvas canvas(sizeOf(figure), kGround);
  draw(figure, canvas);
  return canvas.finished();
}

void requireFigureName(const std::filesystem::path& path) {
  if (path.extension() != ".png" && path.extension() != ".svg")
    throw UsageError("a plot is written as .png or .svg, not as " + path.filename().string());
}

void writeFigure(const std::filesystem::path& path, const Figure& figure) {
  requireFigureName(path);
  if (path.extension() == ".svg") return writeFileAtomically(path, svgOf(figure));
  cv::Mat bgr;
  cv::cvtColor(pictureOf(figure), bgr, cv::COLOR_RGB2BGR);
  std::vector<uint8_t> bytes;
  cv::imencode(".png", bgr, bytes);
  writeFileAtomically(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace dff
