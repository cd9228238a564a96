#include "core/export/blend.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace dff {
namespace {

constexpr int kSlack = 4;  // a pixel is written as four bytes, so the last one spills

uint32_t packed(const Rgb& c) { return c[0] | c[1] << 8 | c[2] << 16; }
uint32_t packed(uint8_t grey) { return grey * 0x010101u; }

void put(std::vector<uint8_t>& row, int x, uint32_t pixel) {
  std::memcpy(row.data() + 3 * static_cast<size_t>(x), &pixel, sizeof pixel);
}

/// One row of colours and one of coverage, three bytes a pixel both, so that one plain loop blends any layer.
struct PaintRow {
  explicit PaintRow(int width) : color(3 * static_cast<size_t>(width) + kSlack), alpha(color.size()) {}

  void set(int x, uint32_t rgb, uint32_t cover) {
    put(color, x, rgb);
    put(alpha, x, cover);
  }
  void blendOver(uint8_t* __restrict picture, int width) const {
    const uint8_t* __restrict c = color.data();
    const uint8_t* __restrict a = alpha.data();
    for (int i = 0; i < 3 * width; ++i) {
      const uint16_t sum = static_cast<uint16_t>(picture[i] * (255 - a[i]) + c[i] * a[i] + 128);
      picture[i] = static_cast<uint8_t>(static_cast<uint16_t>(sum + (sum >> 8)) >> 8);  // exactly sum / 255, rounded
    }
  }

  std::vector<uint8_t> color, alpha;
};

/// ClassPaint, ready to be copied pixel by pixel.
struct PackedPaint {
  explicit PackedPaint(const ClassPaint& paint) {
    for (size_t i = 0; i < 256; ++i) {
      const Rgb& c = paint.color[i];
      color[i] = packed(c);
      alpha[i] = packed(paint.alpha[i]);
      light[i] = paint.alpha[i] ? 1 + 2 * c[0] + 5 * c[1] + c[2] : 0;
    }
  }
  std::array<uint32_t, 256> color, alpha;
  std::array<int, 256> light;
};

constexpr int kStretch = 64;  // pixels

/// A colour over many pixels, times its coverage: a run of one class, which most of a row is, becomes one plain loop.
struct ClassStretch {
  ClassStretch(const Rgb& color, uint8_t alpha) : kept(static_cast<uint16_t>(255 - alpha)) {
    for (size_t i = 0; i < added.size(); ++i) added[i] = static_cast<uint16_t>(color[i % 3] * alpha + 128);
  }
  std::array<uint16_t, 3 * kStretch> added;
  uint16_t kept;
};

/// ClassPaint by stretches; null for what is not painted.
class StretchedPaint {
 public:
  explicit StretchedPaint(const ClassPaint& paint) {
    place_.fill(-1);
    for (size_t i = 0; i < 256; ++i) {
      if (paint.alpha[i] == 0) continue;
      place_[i] = static_cast<int>(stretches_.size());
      stretches_.emplace_back(paint.color[i], paint.alpha[i]);
    }
  }
  const ClassStretch* of(uint8_t label) const {
    return place_[label] < 0 ? nullptr : &stretches_[static_cast<size_t>(place_[label])];
  }

 private:
  std::vector<ClassStretch> stretches_;
  std::array<int, 256> place_;
};

void blendRun(uint8_t* __restrict pixels, int count, const ClassStretch& color) {
  const uint16_t* __restrict added = color.added.data();
  for (; count > 0; count -= kStretch, pixels += 3 * kStretch)
    for (int i = 0; i < 3 * std::min(count, kStretch); ++i) {
      const uint16_t sum = static_cast<uint16_t>(pixels[i] * color.kept + added[i]);
      pixels[i] = static_cast<uint8_t>(static_cast<uint16_t>(sum + (sum >> 8)) >> 8);  // exactly sum / 255, rounded
    }
}

/// Where the labels stop being those of x.
int endOfRun(const uint8_t* labels, int x, int width) {
  uint64_t eight;
  const uint64_t alike = labels[x] * 0x0101010101010101u;
  int end = x + 1;
  for (; end + 8 <= width; end += 8) {
    std::memcpy(&eight, labels + end, sizeof eight);
    if (eight != alike) break;
  }
  while (end < width && labels[end] == labels[x]) ++end;
  return end;
}

/// Marks where a pixel's class differs from that of its neighbour `step` to the right or below.
void markEdges(const uint8_t* here, const uint8_t* below, std::vector<uint8_t>& edge, int width, int step) {
  for (int x = 0; x + step < width; ++x)
    edge[static_cast<size_t>(x)] = (here[x] ^ here[x + step]) | (here[x] ^ below[x]);
  for (int x = std::max(0, width - step); x < width; ++x) edge[static_cast<size_t>(x)] = here[x] ^ below[x];
}

bool eightAreZero(const uint8_t* at) {
  uint64_t bits;
  std::memcpy(&bits, at, sizeof bits);
  return bits == 0;
}

void blendPixel(uint8_t* pixel, uint32_t color, uint32_t alpha) {
  const int a = static_cast<int>(alpha & 255);
  for (int c = 0; c < 3; ++c)
    pixel[c] = static_cast<uint8_t>((pixel[c] * (255 - a) + ((color >> 8 * c) & 255) * a + 127) / 255);
}

/// The colour row of one row of cells, each cell repeated over the columns that it covers.
void spreadCells(PaintRow& row, const cv::Mat& colors, const cv::Mat& alpha, int cellRow,
                 const std::vector<int>& columnOf) {
  const auto* color = colors.ptr<cv::Vec3b>(cellRow);
  const auto* cover = alpha.ptr<uint8_t>(cellRow);
  for (size_t x = 0; x < columnOf.size(); ++x) {
    const cv::Vec3b& c = color[columnOf[x]];
    row.set(static_cast<int>(x), packed(Rgb{c[0], c[1], c[2]}), packed(cover[columnOf[x]]));
  }
}

/// The cell in whose block the middle of pixel `i` lies.
int cellOf(int i, int pixels, float cellsInFrame, int cells) {
  const int cell = static_cast<int>((static_cast<float>(i) + 0.5f) * cellsInFrame / static_cast<float>(pixels));
  return std::clamp(cell, 0, cells - 1);
}

}  // namespace

void blendClasses(cv::Mat& picture, const cv::Mat& labels, const ClassPaint& paint) {
  const StretchedPaint stretched(paint);
  for (int y = 0; y < picture.rows; ++y) {
    const uint8_t* label = labels.ptr<uint8_t>(y);
    uint8_t* pixels = picture.ptr<uint8_t>(y);
    for (int x = 0, end = 0; x < picture.cols; x = end) {
      end = endOfRun(label, x, picture.cols);
      if (const ClassStretch* color = stretched.of(label[x])) blendRun(pixels + 3 * x, end - x, *color);
    }
  }
}

void drawContours(cv::Mat& picture, const cv::Mat& labels, const ClassPaint& paint, int thickness) {
  const PackedPaint packedPaint(paint);
  const auto& light = packedPaint.light;
  const int width = labels.cols;
  std::vector<uint8_t> edge(static_cast<size_t>(width) + 8);
  for (int y = 0; y < labels.rows; ++y) {
    const uint8_t* here = labels.ptr<uint8_t>(y);
    const uint8_t* below = labels.ptr<uint8_t>(std::min(y + thickness, labels.rows - 1));
    uint8_t* pixels = picture.ptr<uint8_t>(y);
    markEdges(here, below, edge, width, thickness);
    for (int x = 0; x < width; ++x) {
      if (x % 8 == 0 && eightAreZero(edge.data() + x)) {
        x += 7;
        continue;
      }
      if (!edge[static_cast<size_t>(x)]) continue;
      uint8_t lightest = here[x];
      for (uint8_t other : {below[x], here[std::min(x + thickness, width - 1)]})
        if (light[other] > light[lightest]) lightest = other;
      blendPixel(pixels + 3 * x, packedPaint.color[lightest], packedPaint.alpha[lightest]);
    }
  }
}

void blendCells(cv::Mat& picture, const cv::Mat& colors, const cv::Mat& alpha, cv::Size2f gridInFrame) {
  std::vector<int> columnOf(static_cast<size_t>(picture.cols));
  for (int x = 0; x < picture.cols; ++x)
    columnOf[static_cast<size_t>(x)] = cellOf(x, picture.cols, gridInFrame.width, colors.cols);
  PaintRow row(picture.cols);
  int spread = -1;
  for (int y = 0; y < picture.rows; ++y) {
    const int cellRow = cellOf(y, picture.rows, gridInFrame.height, colors.rows);
    if (cellRow != spread) spreadCells(row, colors, alpha, spread = cellRow, columnOf);
    row.blendOver(picture.ptr<uint8_t>(y), picture.cols);
  }
}

void blendAt(cv::Mat& picture, const cv::Mat& rgb, const cv::Mat& alpha, cv::Point at) {
  const cv::Rect seen = cv::Rect(at, rgb.size()) & cv::Rect({}, picture.size());
  if (seen.empty()) return;
  PaintRow row(seen.width);
  for (int y = seen.y; y < seen.y + seen.height; ++y) {
    const auto* color = rgb.ptr<cv::Vec3b>(y - at.y) + (seen.x - at.x);
    const auto* cover = alpha.ptr<uint8_t>(y - at.y) + (seen.x - at.x);
    for (int x = 0; x < seen.width; ++x)
      row.set(x, packed(Rgb{color[x][0], color[x][1], color[x][2]}), packed(cover[x]));
    row.blendOver(picture.ptr<uint8_t>(y) + 3 * seen.x, seen.width);
  }
}

}  // namespace dff
