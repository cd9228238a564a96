#include "core/model/net_input.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "kernels/preprocess.h"

namespace dff {

namespace {

bool byFactor(const InputSpec& input) { return input.resize == "factor"; }

/// The picture at the network's size, 8-bit: by one factor where it leads there, else to the size.
cv::Mat resizedBytes(const cv::Mat& rgb, cv::Size size, const InputSpec& input) {
  if (rgb.size() == size) return rgb;
  cv::Mat resized;
  const double scale = networkScale(rgb.size(), input);
  if (networkSize(rgb.size(), input) == size)
    cv::resize(rgb, resized, {}, scale, scale, cv::INTER_LINEAR);
  else
    cv::resize(rgb, resized, size, 0, 0, cv::INTER_LINEAR);
  return resized;
}

cv::Size2d scaleTo(cv::Size size, cv::Size video, const InputSpec& input) {
  const double scale = networkScale(video, input);
  if (byFactor(input) && networkSize(video, input) == size) return {scale, scale};
  return {double(size.width) / video.width, double(size.height) / video.height};
}

}  // namespace

double networkScale(cv::Size video, const InputSpec& input) {
  const double shortSide = std::min(video.width, video.height), longSide = std::max(video.width, video.height);
  const double toShort = input.shortSide / shortSide, toLong = input.longSideMax / longSide;
  if (byFactor(input)) return std::nearbyint(toShort * longSide) > input.longSideMax ? toLong : toShort;
  return std::min(toShort, toLong);
}

cv::Size networkSize(cv::Size video, const InputSpec& input) {
  const double scale = networkScale(video, input);
  const auto side = [&](int pixels) {
    return std::max(1, byFactor(input) ? cvRound(pixels * scale) : int(std::lround(pixels * scale)));
  };
  return {side(video.width), side(video.height)};
}

cv::Size parseNetworkSize(const std::string& text) {
  int width = 0, height = 0, used = 0;
  if (std::sscanf(text.c_str(), "%dx%d%n", &width, &height, &used) != 2 || used != int(text.size()) || width < 16 ||
      height < 16 || width > 8192 || height > 8192)
    throw UsageError("size \"" + text + "\" is not WIDTHxHEIGHT with sides from 16 to 8192");
  return {width, height};
}

NetInput netInput(const FramePtr& frame, cv::Size size, const ModelSpec& spec) {
  const auto padded = [m = spec.input.padMultiple](int side) { return (side + m - 1) / m * m; };
  kernels::PreprocessOptions o;
  o.outWidth = size.width;
  o.outHeight = size.height;
  o.paddedWidth = padded(size.width);
  o.paddedHeight = padded(size.height);
  o.mean = spec.input.mean;
  o.std = spec.input.std;
  o.bgr = spec.input.channelOrder == "bgr";
  if (o.bgr) {  // the kernel takes them in the order of its output
    std::swap(o.mean[0], o.mean[2]);
    std::swap(o.std[0], o.std[2]);
  }
  const cv::Mat rgb = byFactor(spec.input) ? resizedBytes(frame->rgb, size, spec.input) : frame->rgb;
  const float stride = float(spec.stride());
  return {frame,
          kernels::preprocess(rgb.data, rgb.cols, rgb.rows, int64_t(rgb.step), o),
          size,
          {float(size.width) / stride, float(size.height) / stride},
          scaleTo(size, frame->rgb.size(), spec.input)};
}

}  // namespace dff
