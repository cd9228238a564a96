#pragma once
#include <filesystem>
#include <memory>
#include <vector>

#include "core/media/audio_packets.h"

namespace dff {

/// A stretch of decoded sound: left, right, left, right, ...
struct AudioBlock {
  double seconds = 0;  ///< of the file's time, where it begins
  std::vector<float> samples;
};

/// The sound of a file, decoded in order, stereo whatever the file has.
class AudioReader {
 public:
  /// Throws Error where the file cannot be read or its sound not be decoded; found() tells whether it has any.
  explicit AudioReader(const std::filesystem::path& file, double fromSeconds = 0);

  bool found() const { return packets_.found(); }
  int rate() const { return rate_; }  ///< samples a second
  /// The next stretch; the first one may begin a little before `fromSeconds`. Empty: the end. What is damaged is
  /// missing.
  AudioBlock next();

 private:
  AudioBlock received();
  bool asAtTheBeginning() const;

  AudioPackets packets_;
  av::Codec decoder_;
  av::Resampler resampler_;
  av::Picture frame_;
  int rate_ = 0, channels_ = 0, format_ = 0;
  bool drained_ = false;
};

}  // namespace dff
