#pragma once
#include <filesystem>

#include "core/media/ffmpeg.h"

namespace dff {

/// A stretch of a file's sound, seconds of the source.
struct AudioRange {
  std::filesystem::path from;
  double start = 0, end = 0;
  AVCodecID encodeAs = AV_CODEC_ID_AAC;  ///< where its own codec cannot go along
};

/// The packets of a file's best audio stream that begin within a range.
class AudioPackets {
 public:
  /// Throws Error where the file cannot be read.
  explicit AudioPackets(const AudioRange& range);

  bool found() const { return index_ >= 0; }
  AVStream& stream() const { return *input_->streams[index_]; }
  /// The next packet up to the end of the range, null after it. Packets that begin up to `lead` seconds before the
  /// start come too: a decoder wants them.
  AVPacket* next(double lead);
  double seconds(const AVPacket& packet) const;
  const AudioRange& range() const { return range_; }
  void moveStart(double seconds) { range_.start += seconds; }

 private:
  AudioRange range_;
  av::Input input_;
  av::Packet packet_;
  int index_ = -1;
};

/// Throws Error where this FFmpeg has none for the stream's codec.
av::Codec openAudioDecoder(const AVStream& stream);

/// From what `decoder` gives to the rate and channels of `target`, as `format`.
av::Resampler openResampler(AVCodecContext& decoder, const AVCodecContext& target, AVSampleFormat format);

/// The same to a rate and a number of channels.
av::Resampler openResampler(AVCodecContext& decoder, int rate, int channels, AVSampleFormat format);

}  // namespace dff
