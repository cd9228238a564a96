#pragma once
#include "core/media/ffmpeg.h"

namespace dff {

/// One kind of video file that can be written.
struct VideoFormat {
  const char* name;
  const char* help;
  const char* encoder;         ///< FFmpeg's name
  const char* encoderOptions;  ///< "key=value:..."
  const char* muxer;
  const char* muxerOptions;
  AVPixelFormat pixels;  ///< PAL8: every picture gets a palette of its own
  uint32_t tag;          ///< how the container calls the codec; 0: as it likes
  AVCodecID sound;       ///< what sound becomes that cannot be taken along as it is; NONE: the file holds none
};

/// The row called `name`: h264, hevc, vp9, ffv1, gif. Throws UsageError naming the known ones.
const VideoFormat& findVideoFormat(const std::string& name);

}  // namespace dff
