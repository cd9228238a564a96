#include "core/model/net_input.h"

#include <algorithm>
#include <cmath>

#include "kernels/preprocess.h"

namespace dff {

cv::Size networkSize(cv::Size video, const InputSpec& input) {
  const double shortSide = std::min(video.width, video.height), longSide = std::max(video.width, video.height);
  const double scale = std::min(input.shortSide / shortSide, input.longSideMax / longSide);
  return {std::max(1, int(std::lround(video.width * scale))), std::max(1, int(std::lround(video.height * scale)))};
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
  const cv::Mat& rgb = frame->rgb;
  const float stride = float(spec.stride());
  return {frame,
          kernels::preprocess(rgb.data, rgb.cols, rgb.rows, int64_t(rgb.step), o),
          size,
          {float(size.width) / stride, float(size.height) / stride}};
}

}  // namespace dff
