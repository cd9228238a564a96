#pragma once
#include <memory>

#include "core/base/job.h"
#include "core/media/audio_packets.h"

namespace dff {

/// Carries the best audio stream of a file into an output: packet by packet where the container can hold its codec,
/// else encoded anew. The moment `start` becomes time 0; what lies outside the range is left out.
class AudioTrack {
 public:
  /// Adds a stream to `output`, before its header is written. Null where the file has no sound that can be used, with a
  /// warning where it has some.
  static std::unique_ptr<AudioTrack> add(AVFormatContext& output, const AudioRange& range, const JobContext& job);
  virtual ~AudioTrack() = default;
  /// The moment `seconds` of the output's time becomes its time 0; before anything is written.
  virtual void moveStart(double seconds) = 0;
  /// Writes all that is heard before `seconds` of the output's time.
  virtual void writeUntil(double seconds) = 0;
  /// Writes the rest.
  virtual void finish() = 0;
};

}  // namespace dff
