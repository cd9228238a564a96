#pragma once
#include <opencv2/core/mat.hpp>

#include "core/media/ffmpeg.h"

namespace dff {

/// How stored pictures become displayed ones.
struct Geometry {
  int width = 0;  ///< displayed size
  int height = 0;
  int rotation = 0;     ///< degrees clockwise, 0, 90, 180 or 270
  bool mirror = false;  ///< flipped left to right after the rotation
};

/// From the picture's own size, the pixel aspect ratio and the display matrix of the stream.
Geometry displayGeometry(AVFormatContext& file, AVStream& stream, const AVFrame& picture);

/// The matrix that players take for a stream that names none: BT.709 for HD sizes, else BT.601.
AVColorSpace defaultColorSpace(int width, int height);

/// Decoded pictures of any format to RGB of the displayed size, by the picture's own colour matrix and range.
class FrameConverter {
 public:
  explicit FrameConverter(Geometry geometry) : geometry_(geometry) {}
  /// [H,W] CV_8UC3, R, G, B. Throws Error for a pixel format that cannot be converted.
  cv::Mat convert(const AVFrame& picture);

 private:
  void prepare(const AVFrame& picture, int width, int height);

  Geometry geometry_;
  av::Scaler scaler_;
};

}  // namespace dff
