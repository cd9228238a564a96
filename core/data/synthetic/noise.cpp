#include "core/data/synthetic/noise.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace dff::street {

uint64_t Rng::next() {
  uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

double Rng::uniform(double low, double high) {
  return low + (high - low) * static_cast<double>(next() >> 11) / 9007199254740992.0;
}

namespace {
cv::Mat whiteNoise(Rng& rng, cv::Size size) {
  cv::Mat noise(size, CV_32F);
  for (float& value : cv::Mat_<float>(noise)) value = static_cast<float>(rng.uniform(-1, 1));
  return noise;
}

cv::Mat smoothNoise(Rng& rng, cv::Size size, cv::Size cells) {
  const cv::Mat white = whiteNoise(rng, cells);
  if (cells == size) return white;
  constexpr int kBorder = 3;  // cubic interpolation reaches two cells over the seam
  cv::Mat wrapped, large;
  cv::copyMakeBorder(white, wrapped, kBorder, kBorder, kBorder, kBorder, cv::BORDER_WRAP);
  const int stepX = (size.width + cells.width - 1) / cells.width,
            stepY = (size.height + cells.height - 1) / cells.height;
  cv::resize(wrapped, large, {wrapped.cols * stepX, wrapped.rows * stepY}, 0, 0, cv::INTER_CUBIC);
  return large(cv::Rect(kBorder * stepX, kBorder * stepY, size.width, size.height));
}
}  // namespace

cv::Mat fractalNoise(Rng& rng, cv::Size size, cv::Size cells, int octaves) {
  cv::Mat sum = cv::Mat::zeros(size, CV_32F);
  double amplitude = 1, total = 0;
  for (int i = 0; i < octaves && cells.width <= size.width && cells.height <= size.height; ++i) {
    sum += amplitude * smoothNoise(rng, size, cells);
    total += amplitude;
    amplitude *= 0.55;
    cells = {cells.width * 2, cells.height * 2};
  }
  return sum * (1.6 / total);
}

void modulate(cv::Mat& rgb, const cv::Mat& noise, double amount) {
  for (int y = 0; y < rgb.rows; ++y) {
    auto* pixel = rgb.ptr<cv::Vec3b>(y);
    const auto* n = noise.ptr<float>(y);
    for (int x = 0; x < rgb.cols; ++x) {
      const float gain = 1.f + static_cast<float>(amount) * n[x];
      for (int c = 0; c < 3; ++c) pixel[x][c] = cv::saturate_cast<uchar>(static_cast<float>(pixel[x][c]) * gain);
    }
  }
}

}  // namespace dff::street
