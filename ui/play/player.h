#pragma once
#include <QObject>
#include <QTimer>
#include <functional>

#include "ui/play/decoder.h"

namespace dff::ui {

/// The playhead: where it is, whether and how fast it moves, and which decoded frame is on screen. Lives on the
/// window's thread. Playing shows the newest frame that is due and ready, and counts what it had to leave out.
class Player : public QObject {
  Q_OBJECT
 public:
  /// `now`: seconds of a steady clock; tests give their own.
  Player(FrameRing& ring, std::function<double()> now, QObject* parent = nullptr);

  void setClip(ClipPtr clip);
  /// Whether frame `index` may be shown while playing: its overlay is there, or none is wanted.
  void setReady(std::function<bool(int64_t)> ready) { ready_ = std::move(ready); }

  void play();
  void pause();
  void toggle() { playing_ ? pause() : play(); }
  /// J and L: plays that way; again: twice as fast, up to eight times.
  void shuttle(int direction);
  /// To frame `index`, kept within the clip; pauses nothing.
  void seek(int64_t index);
  void step(int64_t frames);
  void setSpeed(double speed);
  void setIn();
  void setOut();
  void setRange(int64_t first, int64_t last);
  void clearRange();
  void setLoop(bool loop);

  const ClipPtr& clip() const { return clip_; }
  bool playing() const { return playing_; }
  bool loop() const { return loop_; }
  double speed() const { return speed_; }
  int direction() const { return direction_; }
  int64_t position() const { return position_; }    ///< what is wanted: the playhead
  const FramePtr& shown() const { return shown_; }  ///< what is on screen; may lag behind after a seek
  int64_t due() const;                              ///< what the clock asks for while playing
  double clockSeconds() const;                      ///< the same as a time of the file
  int64_t in() const { return in_; }
  int64_t out() const { return out_; }
  int64_t dropped() const { return dropped_; }
  double shownPerSecond() const;

  /// There is news: a frame was decoded, an overlay is ready, the clock went on.
  void look();

 Q_SIGNALS:
  void frameShown();
  void changed();  ///< anything but the frame: playing, speed, range, loop, clip

 private:
  void anchor(int64_t index);
  void show(const FramePtr& frame);
  void lookWhilePlaying();
  void atTheEnd();
  bool pastEnd(double seconds) const;
  int64_t nextDecoded(int64_t due) const;
  void planNextLook();

  FrameRing& ring_;
  std::function<double()> now_;
  std::function<bool(int64_t)> ready_ = [](int64_t) { return true; };
  QTimer timer_;
  ClipPtr clip_;
  FramePtr shown_;
  bool playing_ = false, loop_ = true;
  int direction_ = 1;
  double speed_ = 1;
  int64_t position_ = 0, in_ = 0, out_ = 0, dropped_ = 0;
  double anchorTime_ = 0, anchorSeconds_ = 0, lastShown_ = 0;
  std::vector<double> showTimes_;
};

}  // namespace dff::ui
