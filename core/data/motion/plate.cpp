#include "core/data/motion/plate.h"

#include <algorithm>

#include "core/data/motion/geometry.h"

namespace dff::motion {
namespace {

void fillGap(const uchar* missing, cv::Vec2s* out, int begin, int end, int width) {
  for (int x = begin; x < end; ++x) {
    const bool leftNearer = begin > 0 && (end == width || x - begin <= end - 1 - x);
    const int border = leftNearer ? begin - 1 : end;
    int source = 2 * border - x + (leftNearer ? 1 : -1);
    if (source < 0 || source >= width || missing[source]) source = border;
    out[x][0] = static_cast<short>(source);
  }
}

bool fillRow(const uchar* missing, cv::Vec2s* out, int width) {
  for (int x = 0; x < width; ++x) {
    if (!missing[x]) continue;
    int end = x;
    while (end < width && missing[end]) ++end;
    if (x == 0 && end == width) return false;
    fillGap(missing, out, x, end, width);
    x = end;
  }
  return true;
}

}  // namespace

cv::Mat fillSources(const cv::Mat& missing) {
  cv::Mat sources(missing.size(), CV_16SC2);
  std::vector<bool> filled(static_cast<size_t>(missing.rows));
  for (int y = 0; y < missing.rows; ++y) {
    auto* row = sources.ptr<cv::Vec2s>(y);
    for (int x = 0; x < missing.cols; ++x) row[x] = {static_cast<short>(x), static_cast<short>(y)};
    filled[static_cast<size_t>(y)] = fillRow(missing.ptr(y), row, missing.cols);
  }
  const int first = static_cast<int>(std::find(filled.begin(), filled.end(), true) - filled.begin());
  if (first == missing.rows) return sources;
  for (int y = first - 1; y >= 0; --y) sources.row(y + 1).copyTo(sources.row(y));
  for (int y = first + 1; y < missing.rows; ++y)
    if (!filled[static_cast<size_t>(y)]) sources.row(y - 1).copyTo(sources.row(y));
  return sources;
}

namespace {
template <class Pixel>
void take(const cv::Mat& image, const cv::Mat& sources, cv::Mat& out) {
  for (int y = 0; y < image.rows; ++y) {
    const auto* from = sources.ptr<cv::Vec2s>(y);
    auto* to = out.ptr<Pixel>(y);
    for (int x = 0; x < image.cols; ++x) to[x] = image.ptr<Pixel>(from[x][1])[from[x][0]];
  }
}
}  // namespace

cv::Mat takeFrom(const cv::Mat& image, const cv::Mat& sources) {
  cv::Mat out(image.size(), image.type());
  if (image.channels() == 1)
    take<uchar>(image, sources, out);
  else
    take<cv::Vec3b>(image, sources, out);
  return out;
}

}  // namespace dff::motion
