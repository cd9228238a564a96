#include "core/export/blend.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "kernels/blend.h"

namespace dff {
namespace {

constexpr int kSlack = 4;  // a pixel is written as four bytes, so the last one spills

uint32_t packed(const Rgb& c) { return c[0] | c[1] << 8 | c[2] << 16; }
uint32_t packed(uint8_t grey) { return grey * 0x010101u; }

void put(std::vector<uint8_t>& row, int x, uint32_t pixel) {
  std::memcpy(row.data() + 3 * static_cast<size_t>(x), &pixel, sizeof pixel);
}

/// One row of colours and one of coverage, three bytes a pixel both, so that one kernel blends any layer.
struct PaintRow {
  explicit PaintRow(int width) : color(3 * static_cast<size_t>(width) + kSlack), alpha(color.size()) {}

  void set(int x, uint32_t rgb, uint32_t cover) {
    put(color, x, rgb);
    put(alpha, x, cover);
  }
  void blendOver(uint8_t* picture, int width) const {
    kernels::blendBytes(picture, color.data(), alpha.data(), 3 * int64_t(width));
  }

  std::vector<uint8_t> color, alpha;
};

/// ClassPaint, ready to be copied pixel by pixel.
struct PackedPaint : kernels::LabelPaint {
  explicit PackedPaint(const ClassPaint& paint) {
    for (size_t i = 0; i < 256; ++i) {
      const Rgb& c = paint.color[i];
      color[i] = packed(c);
      alpha[i] = packed(paint.alpha[i]);
      light[i] = paint.alpha[i] ? 1 + 2 * c[0] + 5 * c[1] + c[2] : 0;
    }
  }
  std::array<int, 256> light;
};

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
  const kernels::LabelledPicture both{picture.data,         int64_t(picture.step), labels.data,
                                      int64_t(labels.step), picture.cols,          picture.rows};
  kernels::blendLabels(both, PackedPaint(paint));
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
