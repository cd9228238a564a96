#pragma once
#include <QObject>
#include <QStringList>
#include <memory>
#include <mutex>
#include <optional>

#include "core/eval/sweep.h"
#include "ui/window/session.h"

namespace dff::ui {

/// What the plot's height means.
enum class Measure { Agreement, Miou };

/// What a sweep is about, without the clip and the settings of the studio.
struct SweptKinds {
  std::vector<int> intervals = SweepOptions{}.intervals;
  std::vector<std::string> flows = SweepOptions{}.flows;
  std::vector<std::string> propagations = SweepOptions{}.propagations;
  std::string labels = {};
};

/// What the Explore workspace works on: the sweep that is wanted, the one that runs as a job, and what is known.
/// Knows no widget. While the workspace is shown the session's own networks rest, so that times are those of the sweep.
class ExploreSession : public QObject {
  Q_OBJECT
 public:
  explicit ExploreSession(Session& session, QObject* parent = nullptr);
  ~ExploreSession() override;

  void setActive(bool active);

  /// The sweep of the range, with the model and precision of the studio.
  SweepOptions options() const;
  void setFlow(const std::string& name, bool on);
  void setPropagation(const std::string& name, bool on);
  bool hasFlow(const std::string& name) const;
  bool hasPropagation(const std::string& name) const;
  /// "1, 2, 5": false, and nothing changes, when that is no list of intervals from 1 to 100.
  bool setIntervals(const QString& typed);
  QString intervals() const;
  QString labels() const { return QString::fromStdString(wanted_.labels); }
  void setLabels(const QString& folder);

  /// What a project keeps of it.
  SweptKinds kinds() const { return {wanted_.intervals, wanted_.flows, wanted_.propagations, wanted_.labels}; }
  void restore(const SweptKinds& kinds);

  void start();
  void cancel();
  bool running() const {
    return state() == JobState::Running || state() == JobState::Waiting || state() == JobState::Paused;
  }
  /// Of the last sweep; nothing: there was none.
  std::optional<JobView> job() const;

  const SweepReport& report() const { return report_; }
  /// What made the report.
  const SweepOptions& reported() const { return ran_; }
  bool hasMiou() const { return report_.labelled > 0; }
  Measure measure() const { return hasMiou() ? measure_ : Measure::Agreement; }
  void setMeasure(Measure measure);
  double valueOf(const SweepPoint& point) const { return measure() == Measure::Miou ? point.miou : point.agreement; }

  /// The studio takes over a point's setting.
  void take(size_t point);
  /// The point that is the studio's setting of now.
  std::optional<size_t> current() const;

 Q_SIGNALS:
  void changed();  ///< what is wanted, the state of the job, or what is known
  void failed(const QString& sentence);

 private:
  struct Shared {
    std::mutex mutex;
    SweepReport report;
    std::function<void()> wake;
  };
  std::optional<JobState> state() const;
  void onWoken();
  void onJobs();

  Session& session_;
  Wakeup woke_;
  std::shared_ptr<Shared> shared_;
  SweepOptions wanted_, ran_;
  SweepReport report_;
  Measure measure_ = Measure::Miou;
  int job_ = -1;
  bool active_ = false;
  std::optional<JobState> said_;
};

}  // namespace dff::ui
