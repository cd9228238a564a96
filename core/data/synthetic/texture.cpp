#include "core/data/synthetic/texture.h"

#include <opencv2/imgproc.hpp>

namespace dff::street {
namespace {
int powerOfTwoNear(int n) {
  int power = 8;
  while (power * 1.42 < n) power *= 2;
  return power;
}
}  // namespace

Texture makeTexture(const cv::Mat& rgb, const cv::Mat& fourth) {
  const cv::Mat planes[] = {rgb, fourth.empty() ? cv::Mat(rgb.size(), CV_8U, cv::Scalar(255)) : fourth};
  cv::Mat rgba(rgb.size(), CV_8UC4), base;
  cv::mixChannels(planes, 2, &rgba, 1, std::initializer_list<int>{0, 0, 1, 1, 2, 2, 3, 3}.begin(), 4);
  const cv::Size size(powerOfTwoNear(rgb.cols), powerOfTwoNear(rgb.rows));
  if (size == rgba.size())
    base = rgba;
  else
    cv::resize(rgba, base, size, 0, 0, cv::INTER_LINEAR);
  Texture texture;
  texture.levels.push_back(base);
  while (texture.levels.back().cols > 2 && texture.levels.back().rows > 2) {
    const cv::Mat& finer = texture.levels.back();
    cv::Mat coarser;
    cv::resize(finer, coarser, {finer.cols / 2, finer.rows / 2}, 0, 0, cv::INTER_AREA);
    texture.levels.push_back(coarser);
  }
  return texture;
}

}  // namespace dff::street
