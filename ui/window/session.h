#pragma once
#include <QElapsedTimer>
#include <QObject>
#include <QPointF>
#include <QTimer>
#include <functional>
#include <optional>
#include <set>

#include "ui/infer/inference.h"
#include "ui/infer/key_planner.h"
#include "ui/jobs/job_runner.h"
#include "ui/play/player.h"
#include "ui/play/sound.h"
#include "ui/play/wakeup.h"
#include "ui/view/time_line.h"

namespace dff::ui {

/// What one window works on: the clip, the playhead, the networks, what is drawn. Panels read it and tell it what is
/// wanted; it tells them what changed. Knows no widget.
class Session : public QObject {
  Q_OBJECT
 public:
  explicit Session(QObject* parent = nullptr, std::unique_ptr<SoundSink> sink = makeDeviceSink());

  void open(const QString& path);
  QString path() const;

  Player& player() { return player_; }
  const Player& player() const { return player_; }
  Sound& sound() { return sound_; }
  JobRunner& jobs() { return jobs_; }
  const Tuning& tuning() const { return tuning_; }
  const OverlayOptions& layers() const { return layers_; }
  const ClipPtr& clip() const { return player_.clip(); }
  const InferenceNews& news() const { return news_; }
  const DecoderNews& decoding() const { return decoding_; }
  /// Share of key frames in the range.
  double keyShare() const;
  /// Milliseconds a frame, the mean over the frames of the range that were run; below 0: none was.
  double measuredMs() const;

  /// Where key frames are put; "fixed": on the grid of the interval. Others place as many, in the background.
  const std::string& policy() const { return policy_; }
  void setPolicy(const QString& name);
  void nextPolicy();
  /// While the range is being looked at for a policy: the share that was. Keys stand as before until then.
  std::optional<double> planning() const { return planning_; }

  void setInterval(int interval);
  void setFlow(const QString& name);
  void setPropagation(const QString& name);
  void nextPropagation();
  void setAggregateKeys(bool on);
  void setPrecision(const QString& name);
  void setModel(const QString& folder);
  /// A whole setting at once, so that none in between is run.
  void load(const std::string& flow, const std::string& propagate, int interval, const std::string& policy = "fixed");
  void togglePin();
  void setPins(const std::set<int64_t>& pins);
  void goToKey(int direction);
  void setMuted(bool muted);

  bool hasLayer(const QString& name) const;
  void setLayer(const QString& name, bool on);
  void setLayers(const OverlayOptions& layers);
  bool overlaysOn() const { return overlays_; }
  void setOverlays(bool on);
  void setInspecting(bool on);
  /// Gives the processor to another workspace: the networks rest, and while playing a frame may be shown when `ready`
  /// says so. Empty: takes it back.
  void lend(std::function<bool(int64_t)> ready);

  /// Whether what was asked for is on screen: the frame at the playhead, and of the networks all that the settings
  /// promise, nothing provisional. True as well where an error keeps it from coming.
  bool complete() const;

  /// Whether the frame at the playhead cannot be decoded: the picture is then that of another.
  bool lost() const { return decoding_.lost.count(player_.position()) > 0; }

  /// What is on screen: the frame, and what is known of it.
  FramePtr frame() const { return player_.shown(); }
  OverlaidPtr overlaid() const { return overlaid_; }
  cv::Mat picture() const;
  InspectionPtr inspection() const { return inspection_; }
  TimeLineData timeLine() const;

  /// The place of the probe, in shares of the picture.
  std::optional<QPointF> probe() const { return probe_; }
  void setProbe(std::optional<QPointF> place);

 Q_SIGNALS:
  void clipChanged();
  void frameChanged();  ///< another frame, or another overlay on it
  void tuningChanged();
  void layersChanged();
  void readingsChanged();  ///< costs, agreement, cache: a few times a second
  void probeChanged();
  void jobsChanged();
  void failed(const QString& sentence);

 private:
  void onDecoder();
  void onInference();
  void onPlanner();
  void plan();
  void applyTuning();
  void followRange();
  void followSound();
  void aim();
  void refreshFrame(bool otherFrame = false);
  void read();
  bool ready(int64_t index) const;

  FrameRing ring_;
  Wakeup decoderWoke_, inferenceWoke_, plannerWoke_, jobsWoke_;
  Sound sound_;
  Player player_;
  Tuning tuning_;
  std::string policy_ = "fixed";
  std::optional<double> planning_;
  OverlayOptions layers_;
  bool overlays_ = true, inspecting_ = false;
  std::function<bool(int64_t)> lent_;
  std::optional<QPointF> probe_;
  InferenceNews news_;
  DecoderNews decoding_;
  std::string saidError_;
  OverlaidPtr overlaid_;
  InspectionPtr inspection_;
  std::vector<FrameNote> notes_;
  QTimer reading_;
  JobRunner jobs_;
  Decoder decoder_;
  Inference inference_;
  KeyPlanner planner_;
};

}  // namespace dff::ui
