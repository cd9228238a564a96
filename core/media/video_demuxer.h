#pragma once
#include <filesystem>
#include <vector>

#include "core/media/ffmpeg.h"

namespace dff {

/// A packet at which decoding may begin.
struct KeyPacket {
  int64_t packet = 0;      ///< its number among the video packets of the file, from 0
  int64_t firstFrame = 0;  ///< every frame from this one on is exact when decoding begins here
  int64_t pts = AV_NOPTS_VALUE;
  int64_t dts = AV_NOPTS_VALUE;
  int64_t pos = -1;       ///< byte offset in the file
  bool complete = false;  ///< the picture refreshes at once and forgets what was before (IDR and the like)
};

/// Reads the packets of the best video stream of a file and numbers them in file order.
class VideoDemuxer {
 public:
  /// Throws Error (missing, unreadable, no video stream).
  explicit VideoDemuxer(const std::filesystem::path& path);

  /// The next video packet, valid until the next call; null at the end. Damaged stretches are jumped over.
  AVPacket* next();
  /// The number of the packet that next() gave last.
  int64_t packetNumber() const { return number_ - 1; }
  /// The next call of next() gives keys[k]. `keys` in file order.
  void seek(const std::vector<KeyPacket>& keys, size_t k);

  AVFormatContext& file() const { return *input_; }
  AVStream& stream() const { return *input_->streams[streamIndex_]; }
  bool hasAudio() const;
  /// Reading stopped at an error instead of the end of the file.
  bool endedByError() const { return endedByError_; }

 private:
  void open();
  bool readPacket();
  bool land(const std::vector<KeyPacket>& keys, size_t from, size_t k);
  bool skipTo(int64_t packet);

  std::filesystem::path path_;
  av::Input input_;
  av::Packet packet_;
  int streamIndex_ = -1;
  int64_t number_ = 0;
  bool pending_ = false;
  bool endedByError_ = false;
};

}  // namespace dff
