#include "core/media/frame_converter.h"

#include <cmath>
#include <opencv2/core.hpp>

extern "C" {
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
}

namespace dff {

namespace {
constexpr double kWidestPixel = 16;
constexpr int kScaling = SWS_BICUBIC;  // as the ffmpeg program converts, ten times as fast as the "accurate" flags
constexpr int kBlock = 32;             // pixels that vectorised conversion may write at once
constexpr int kUnity = 1 << 16;

/// The "J" formats say full range by their name only and are deprecated.
AVPixelFormat withoutRange(AVPixelFormat format) {
  switch (format) {
    case AV_PIX_FMT_YUVJ420P:
      return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ411P:
      return AV_PIX_FMT_YUV411P;
    case AV_PIX_FMT_YUVJ422P:
      return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ440P:
      return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ444P:
      return AV_PIX_FMT_YUV444P;
    default:
      return format;
  }
}

bool isFullRange(const AVFrame& picture) {
  const auto format = static_cast<AVPixelFormat>(picture.format);
  const AVPixFmtDescriptor* d = av_pix_fmt_desc_get(format);
  return picture.color_range == AVCOL_RANGE_JPEG || withoutRange(format) != format ||
         (d && d->flags & AV_PIX_FMT_FLAG_RGB);
}

void applyDisplayMatrix(const AVStream& stream, Geometry& geometry) {
  const uint8_t* data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
  if (!data) return;
  int32_t m[9];
  std::copy_n(reinterpret_cast<const int32_t*>(data), 9, m);
  geometry.mirror = static_cast<double>(m[0]) * m[4] - static_cast<double>(m[1]) * m[3] < 0;
  if (geometry.mirror) av_display_matrix_flip(m, 1, 0);
  const double angle = -av_display_rotation_get(m);
  if (std::isnan(angle)) return;
  geometry.rotation = (static_cast<int>(std::lround(angle / 90)) * 90 % 360 + 360) % 360;
}
}  // namespace

AVColorSpace defaultColorSpace(int width, int height) {
  return width >= 1280 || height > 576 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
}

Geometry displayGeometry(AVFormatContext& file, AVStream& stream, const AVFrame& picture) {
  Geometry geometry{picture.width, picture.height};
  const AVRational aspect = av_guess_sample_aspect_ratio(&file, &stream, const_cast<AVFrame*>(&picture));
  const double ratio = aspect.num > 0 && aspect.den > 0 ? av_q2d(aspect) : 1;
  if (ratio < kWidestPixel && ratio > 1 / kWidestPixel)
    geometry.width = std::max(1, static_cast<int>(std::lround(picture.width * ratio)));
  applyDisplayMatrix(stream, geometry);
  if (geometry.rotation % 180 != 0) std::swap(geometry.width, geometry.height);
  return geometry;
}

void FrameConverter::prepare(const AVFrame& picture, int width, int height) {
  const AVPixelFormat format = withoutRange(static_cast<AVPixelFormat>(picture.format));
  scaler_.reset(sws_getCachedContext(scaler_.release(), picture.width, picture.height, format, width, height,
                                     AV_PIX_FMT_RGB24, kScaling, nullptr, nullptr, nullptr));
  if (!scaler_) fail("cannot convert pictures of the format ", av_get_pix_fmt_name(format), " to RGB");
  const bool unnamed = picture.colorspace == AVCOL_SPC_UNSPECIFIED || picture.colorspace == AVCOL_SPC_RESERVED;
  const int matrix = unnamed ? defaultColorSpace(picture.width, picture.height) : picture.colorspace;
  const int* toRgb = sws_getCoefficients(matrix);
  sws_setColorspaceDetails(scaler_.get(), toRgb, isFullRange(picture), toRgb, 1, 0, kUnity, kUnity);
}

cv::Mat FrameConverter::convert(const AVFrame& picture) {
  const bool upright = geometry_.rotation % 180 == 0;
  const int width = upright ? geometry_.width : geometry_.height;
  const int height = upright ? geometry_.height : geometry_.width;
  prepare(picture, width, height);
  // Without room behind each row the last columns of other widths would stay unwritten.
  const int room = (width + kBlock - 1) / kBlock * kBlock;
  cv::Mat rgb = cv::Mat(height, room, CV_8UC3).colRange(0, width);
  uint8_t* const planes[] = {rgb.data};
  const int strides[] = {static_cast<int>(rgb.step)};
  if (sws_scale(scaler_.get(), picture.data, picture.linesize, 0, picture.height, planes, strides) != height)
    fail("cannot convert a picture to RGB");
  if (geometry_.rotation != 0) cv::rotate(rgb, rgb, geometry_.rotation / 90 - 1);
  if (geometry_.mirror) cv::flip(rgb, rgb, 1);
  return rgb.isContinuous() ? rgb : rgb.clone();
}

}  // namespace dff
