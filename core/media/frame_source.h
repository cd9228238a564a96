#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/media/frame.h"

namespace dff {

/// When one frame is shown.
struct FrameTime {
  double ptsSeconds = 0;
  double durationSeconds = 0;
  bool codecKey = false;
};

/// What is known of a source once it is open.
struct SourceInfo {
  int width = 0;  ///< displayed size: rotation and pixel aspect applied
  int height = 0;
  int rotation = 0;  ///< degrees clockwise that were applied, 0, 90, 180 or 270
  double fps = 0;    ///< mean frames per second
  std::string codec;
  bool hasAudio = false;
  std::vector<FrameTime> times;  ///< one a frame, display order
};

/// Frames of a video file or an image folder, in display order.
class FrameSource {
 public:
  virtual ~FrameSource() = default;
  virtual const SourceInfo& info() const = 0;
  /// The next frame; null at the end.
  virtual FramePtr next() = 0;
  /// The next call of next() gives frame `index` (0 .. frames-1), byte-equal to the one reached by playing.
  virtual void seek(int64_t index) = 0;
  /// One step towards the frame that next() is to give; after a seek there may be hundreds. True: next() will not take
  /// long. For callers that may want another frame by then; seek() to one that lies further on loses no step.
  virtual bool approach() { return true; }
  /// What was lost (damaged packets, truncated end, ...), in plain sentences; grows while reading.
  virtual const std::vector<std::string>& warnings() const = 0;
};

/// `imageFps`: the rate given to an image folder. Throws Error (missing, unreadable, no video stream, no frame, ...).
std::unique_ptr<FrameSource> openSource(const std::filesystem::path& path, double imageFps = 15);

}  // namespace dff
