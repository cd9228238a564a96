#pragma once
#include "core/media/codec_motion.h"
#include "core/media/ffmpeg.h"
#include "core/media/frame_converter.h"

namespace dff {

/// Gathers what a decoder says of motion, frame by frame in the order of display.
class MotionCollector {
 public:
  MotionCollector(AVCodecID codec, const Geometry& geometry) : exported_(exportsMotion(codec)), geometry_(geometry) {}

  /// Whether FFmpeg's decoder of this codec gives motion vectors: H.264 and the older MPEGs.
  static bool exportsMotion(AVCodecID codec);

  /// To be called for every picture that is decoded, shown or not; `index`: its number in the order of display.
  void add(const AVFrame& picture, int64_t index);
  /// The chain of the picture added last; null where the codec gives none.
  std::shared_ptr<const MotionChain> chain() const { return exported_ ? chain_ : nullptr; }

 private:
  bool exported_;
  Geometry geometry_;
  int64_t last_ = -2;
  int64_t anchor_ = -1;  // the last frame that is no B-frame
  std::shared_ptr<const MotionChain> chain_;
};

}  // namespace dff
