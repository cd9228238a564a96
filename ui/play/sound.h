#pragma once
#include <QObject>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <optional>
#include <thread>

#include "ui/play/sound_buffer.h"
#include "ui/play/sound_sink.h"
#include "ui/play/wakeup.h"

namespace dff::ui {

/// The sound of a file along with its pictures, and the clock of both: while something is heard, time goes as fast as
/// it is heard, so that pictures follow the sound; otherwise it goes as a steady clock does. Lives on the window's
/// thread and decodes on one of its own. Without a device, or where the device stops, all goes on in silence.
class Sound : public QObject {
  Q_OBJECT
 public:
  /// `steady`: seconds of a steady clock.
  Sound(std::unique_ptr<SoundSink> sink, std::function<double()> steady, QObject* parent = nullptr);
  ~Sound() override;

  /// Empty: nothing is to be heard.
  void open(const std::filesystem::path& file);
  /// Seconds; never goes back.
  double now();
  /// Where playback stands on the file's time, or that it does not play (at the speed of sound). To be told whenever
  /// that may have changed.
  void follow(std::optional<double> fileSeconds);

  void setMuted(bool muted);
  bool muted() const { return muted_; }
  bool heard() const { return running_; }

 Q_SIGNALS:
  void ready();  ///< decoded as far as was asked: follow() again
 private:
  void halt();
  void begin(double fileSeconds);
  bool prepare(double fileSeconds);  // the mutex is held
  void ask(double fileSeconds);      // the mutex is held
  double rateOfTime(double steadyNow);
  void run(std::stop_token stop);
  bool wantsMore() const;  // the mutex is held
  void decodeOne();

  std::unique_ptr<SoundSink> sink_;
  std::function<double()> steady_;
  Wakeup woke_;
  SoundBuffer buffer_;
  bool running_ = false, dead_ = false, muted_ = false;
  double time_ = 0, lastSteady_ = 0;
  double timeAtStart_ = 0, fileAtStart_ = 0;  // of what is heard now
  double lastHeard_ = 0, lastHeardAt_ = 0;    // and when it last went on, steady
  std::optional<double> asked_;               // decoding begins there

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::filesystem::path file_;
  std::optional<double> from_;  // for the thread to begin anew
  int rate_ = 0;                // 0: there is no sound, or not known yet
  bool fresh_ = false;          // what the buffer holds is what was asked for last
  bool ended_ = false, waited_ = false;
  uint64_t generation_ = 0;

  struct Decoding;
  std::unique_ptr<Decoding> decoding_;  // of the thread alone
  std::jthread thread_;
};

}  // namespace dff::ui
