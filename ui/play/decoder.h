#pragma once
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "core/media/frame_source.h"
#include "core/schedule/key_plan.h"
#include "ui/play/frame_ring.h"

namespace dff::ui {

/// An opened video, immutable.
struct Clip {
  std::filesystem::path path;
  SourceInfo info;

  int64_t frames() const { return int64_t(info.times.size()); }
  double start(int64_t index) const { return info.times[size_t(index)].ptsSeconds; }
  double duration(int64_t index) const { return info.times[size_t(index)].durationSeconds; }
  /// The frame that is on screen at `seconds`, kept within the clip.
  int64_t frameAt(double seconds) const;
};
using ClipPtr = std::shared_ptr<const Clip>;

/// Which frames are wanted: the target first, then a few that follow it, the key frames that it comes from, those
/// between it and the one before, and what lies ahead.
struct DecodeAim {
  int64_t target = 0;
  std::vector<int64_t> keys = {};  ///< the most urgent first
  int direction = 1;
  bool hurry = false;  ///< somebody waits for the target, or for what comes of its keys: nothing else is decoded
};

/// The next frame to decode; nullopt: all that fits is there. `capacity`: frames that the ring holds; `lost`: frames
/// that cannot be decoded.
std::optional<int64_t> nextToDecode(const FrameRing& ring, const DecodeAim& aim, int64_t frames, int64_t capacity,
                                    const std::set<int64_t>& lost = {});

/// The frames that are taken while going to `index`, ascending, it among them: keys that are wanted, and what follows
/// the target. The way begins at the codec's last key frame, or at `position`, which the source gives next by itself.
std::vector<int64_t> onTheWay(const FrameRing& ring, const DecodeAim& aim, const Clip& clip, int64_t index,
                              int64_t position);

/// What the decoder has to say.
struct DecoderNews {
  ClipPtr clip;            ///< the one that is open
  std::string error;       ///< why the last file could not be opened or read on
  std::set<int64_t> cuts;  ///< frames after a scene cut, as far as they were decoded in order
  std::set<int64_t> lost;  ///< frames that cannot be decoded; the warnings say why
  std::vector<std::string> warnings;
  double decodeMs = 0;  ///< of a frame, lately
};

/// Decodes on a thread of its own into the ring, ahead of where the playhead goes.
class Decoder {
 public:
  /// `wake` is called from the thread whenever there is news.
  Decoder(FrameRing& ring, std::function<void()> wake);
  ~Decoder();

  /// Opens another file; news().clip follows, or news().error and the clip before stays.
  void open(const std::filesystem::path& path);
  void aim(const DecodeAim& aim);
  DecoderNews news() const;

 private:
  void run(std::stop_token stop);
  void openNow(const std::filesystem::path& path);
  void decode(int64_t index, const std::stop_token& stop);
  bool goTo(int64_t index, int64_t goal, const std::stop_token& stop);
  void decodeOne(int64_t index);
  bool overtaken(int64_t goal, const std::stop_token& stop) const;
  void noteCut(const Frame& frame);
  std::optional<int64_t> next() const;  // the mutex is held

  FrameRing& ring_;
  std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<std::filesystem::path> toOpen_;
  DecodeAim aim_;
  DecoderNews news_;
  bool broken_ = false;

  // Of the thread alone.
  std::unique_ptr<FrameSource> source_;
  int64_t position_ = 0;
  ScenePrint print_;
  int64_t printOf_ = -1;
  std::jthread thread_;
};

}  // namespace dff::ui
