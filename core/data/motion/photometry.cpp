#include "core/data/motion/photometry.h"

#include <cmath>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace dff::motion {
namespace {

void expose(cv::Mat& rgb, cv::RNG& rng) {
  cv::Mat table(1, 256, CV_8UC3);
  const double gamma = std::exp(rng.gaussian(0.05)), gain = std::exp(rng.gaussian(0.05)), lift = rng.gaussian(2);
  const cv::Vec3d gains(gain * std::exp(rng.gaussian(0.015)), gain, gain * std::exp(rng.gaussian(0.015)));
  for (int v = 0; v < 256; ++v)
    for (int c = 0; c < 3; ++c)
      table.at<cv::Vec3b>(v)[c] = cv::saturate_cast<uchar>(gains[c] * 255 * std::pow(v / 255., gamma) + lift);
  cv::LUT(rgb, table, rgb);
}

/// Drawn once: normal numbers cost more than the rest of a pair.
const cv::Mat& noiseTile() {
  static const cv::Mat tile = [] {
    cv::Mat noise(512, 512, CV_16SC3);
    cv::RNG rng(1);
    rng.fill(noise, cv::RNG::NORMAL, 0, 64);
    return noise;
  }();
  return tile;
}

/// Adds the tile from a random offset, `sigma` grey levels strong.
void addNoise(cv::Mat& rgb, double sigma, cv::RNG& rng) {
  const cv::Mat& tile = noiseTile();
  const int dx = rng.uniform(0, tile.cols), dy = rng.uniform(0, tile.rows), strength = cvRound(sigma * 16);
  for (int y = 0; y < rgb.rows; ++y) {
    const short* noise = tile.ptr<short>((y + dy) % tile.rows);
    uchar* row = rgb.ptr(y);
    for (int x = 0, n = 3 * dx; x < 3 * rgb.cols; ++x, ++n) {
      if (n >= 3 * tile.cols) n = 0;
      row[x] = cv::saturate_cast<uchar>(row[x] + (noise[n] * strength + 512) / 1024);
    }
  }
}

void compress(cv::Mat& rgb, int quality) {
  std::vector<uchar> bytes;
  cv::imencode(".jpg", rgb, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
  rgb = cv::imdecode(bytes, cv::IMREAD_COLOR);
}

}  // namespace

void varyPhotometry(cv::Mat& rgb, cv::RNG& rng) {
  expose(rgb, rng);
  if (rng.uniform(0., 1.) < 0.4) cv::GaussianBlur(rgb, rgb, {5, 5}, rng.uniform(0.3, 0.9));
  if (rng.uniform(0., 1.) < 0.7) addNoise(rgb, rng.uniform(0.3, 4.), rng);
  if (rng.uniform(0., 1.) < 0.35) compress(rgb, rng.uniform(55, 95));
}

}  // namespace dff::motion
