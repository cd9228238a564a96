#pragma once
#include <cstdint>
#include <memory>
#include <opencv2/core/mat.hpp>

namespace dff {

struct MotionChain;  // core/media/codec_motion.h

/// One picture of a video, immutable once shared.
struct Frame {
  cv::Mat rgb;                 ///< [H,W] CV_8UC3, channels R, G, B; displayed size (rotation and pixel aspect applied)
  int64_t index = 0;           ///< number in display order within its source, from 0
  double ptsSeconds = 0;       ///< presentation time within its source, seconds
  double durationSeconds = 0;  ///< how long it is shown, seconds
  bool codecKey = false;       ///< the codec coded it without reference to others
  std::shared_ptr<const MotionChain> motion;  ///< what the codec says of motion; null where it says nothing
};
using FramePtr = std::shared_ptr<const Frame>;

}  // namespace dff
