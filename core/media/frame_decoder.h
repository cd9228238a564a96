#pragma once
#include <functional>

#include "core/media/video_demuxer.h"

namespace dff {

/// Demuxer and decoder in one: pictures in display order, each with the number of the packet it came from.
class FrameDecoder {
 public:
  /// Decoding begins at packet `firstPacket`: what precedes the first key packet cannot be decoded. `exportsMotion`:
  /// pictures come with the motion vectors that the codec has.
  FrameDecoder(const std::filesystem::path& path, int64_t firstPacket, bool exportsMotion = true);

  /// The next picture, its `pts` replaced by the number of its packet; valid until the next call; null at the end.
  const AVFrame* next();
  /// Pictures that nobody wants and no other one refers to are not decoded, where the codec lets them be left out
  /// without a trace; `unwanted` is asked with the number of a packet before it is decoded.
  void leaveOut(std::function<bool(int64_t)> unwanted);
  /// Begins again at keys[k].
  void seek(const std::vector<KeyPacket>& keys, size_t k);
  /// The number of the packet that was read last.
  int64_t packetNumber() const { return demuxer_.packetNumber(); }
  /// Packets that the decoder refused.
  int64_t refused() const { return refused_; }
  const VideoDemuxer& demuxer() const { return demuxer_; }

 private:
  void feed();

  VideoDemuxer demuxer_;
  av::Codec codec_;
  av::Picture picture_;
  std::function<bool(int64_t)> unwanted_ = [](int64_t) { return false; };
  int64_t firstPacket_ = 0;
  int64_t refused_ = 0;
  int drainErrors_ = 0;
  bool draining_ = false;
};

}  // namespace dff
