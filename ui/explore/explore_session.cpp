#include "ui/explore/explore_session.h"

#include <algorithm>

namespace dff::ui {
namespace {

constexpr int kMaxInterval = 100;

void setIn(std::vector<std::string>& names, const std::string& name, bool on) {
  std::erase(names, name);
  if (on) names.push_back(name);
}

bool isIn(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

ExploreSession::ExploreSession(Session& session, QObject* parent) : QObject(parent), session_(session) {
  connect(&woke_, &Wakeup::woken, this, &ExploreSession::onWoken);
  connect(&session, &Session::jobsChanged, this, &ExploreSession::onJobs);
  connect(&session, &Session::tuningChanged, this, &ExploreSession::changed);
  connect(&session.player(), &Player::changed, this, &ExploreSession::changed);
  connect(&session, &Session::clipChanged, this, [this] {
    cancel();
    wanted_.labels.clear();  // label images and points belong to a clip
    report_ = {};
    shared_.reset();
    job_ = -1;
    Q_EMIT changed();
  });
}

ExploreSession::~ExploreSession() {
  cancel();
  if (!shared_) return;
  std::lock_guard lock(shared_->mutex);
  shared_->wake = nullptr;  // the job may outlive this object
}

void ExploreSession::setActive(bool active) {
  if (active == active_) return;
  active_ = active;
  session_.lend(active ? [](int64_t) { return true; } : std::function<bool(int64_t)>());
  Q_EMIT changed();
}

SweepOptions ExploreSession::options() const {
  SweepOptions options = wanted_;
  options.input = session_.path().toStdString();
  options.model = session_.tuning().model;
  options.engine.precision = session_.tuning().precision;
  options.start = session_.player().in();
  options.end = session_.player().out();
  return options;
}

void ExploreSession::setFlow(const std::string& name, bool on) {
  setIn(wanted_.flows, name, on);
  Q_EMIT changed();
}

void ExploreSession::setPropagation(const std::string& name, bool on) {
  setIn(wanted_.propagations, name, on);
  Q_EMIT changed();
}

bool ExploreSession::hasFlow(const std::string& name) const { return isIn(wanted_.flows, name); }
bool ExploreSession::hasPropagation(const std::string& name) const { return isIn(wanted_.propagations, name); }

bool ExploreSession::setIntervals(const QString& typed) {
  std::vector<int> intervals;
  for (const QString& part : QString(typed).replace(',', ' ').split(' ', Qt::SkipEmptyParts)) {
    bool isNumber = false;
    intervals.push_back(part.toInt(&isNumber));
    if (!isNumber || intervals.back() < 1 || intervals.back() > kMaxInterval) return false;
  }
  if (intervals.empty()) return false;
  std::sort(intervals.begin(), intervals.end());
  intervals.erase(std::unique(intervals.begin(), intervals.end()), intervals.end());
  wanted_.intervals = intervals;
  Q_EMIT changed();
  return true;
}

QString ExploreSession::intervals() const {
  QStringList shown;
  for (int interval : wanted_.intervals) shown << QString::number(interval);
  return shown.join(", ");
}

void ExploreSession::setLabels(const QString& folder) {
  wanted_.labels = folder.toStdString();
  Q_EMIT changed();
}

void ExploreSession::restore(const SweptKinds& kinds) {
  wanted_.intervals = kinds.intervals;
  wanted_.flows = kinds.flows;
  wanted_.propagations = kinds.propagations;
  setLabels(QString::fromStdString(kinds.labels));
}

void ExploreSession::setMeasure(Measure measure) {
  measure_ = measure;
  Q_EMIT changed();
}

void ExploreSession::start() {
  if (!session_.clip() || running()) return;
  const auto shared = std::make_shared<Shared>();
  shared->wake = [this] { woke_(); };
  shared_ = shared;
  report_ = {};
  said_.reset();
  ran_ = options();
  const std::string title =
      tr("Sweep of %1").arg(QString::fromStdString(session_.clip()->path.filename().string())).toStdString();
  job_ = session_.jobs().add(title, "", [shared, options = ran_](const JobContext& job) {
    sweep(options, job, [&](const SweepReport& report) {
      std::lock_guard lock(shared->mutex);
      shared->report = report;
      if (shared->wake) shared->wake();
    });
  });
  Q_EMIT session_.jobsChanged();
}

void ExploreSession::cancel() {
  if (job_ >= 0) session_.jobs().cancel(job_);
}

std::optional<JobView> ExploreSession::job() const {
  for (const JobView& view : session_.jobs().jobs())
    if (view.id == job_) return view;
  return std::nullopt;
}

std::optional<JobState> ExploreSession::state() const {
  const auto view = job();
  return view ? std::optional(view->state) : std::nullopt;
}

void ExploreSession::onWoken() {
  if (!shared_) return;
  {
    std::lock_guard lock(shared_->mutex);
    report_ = shared_->report;
  }
  Q_EMIT changed();
}

void ExploreSession::onJobs() {
  const auto view = job();
  const auto now = view ? std::optional(view->state) : std::nullopt;
  if (now == JobState::Failed && said_ != now) Q_EMIT failed(QString::fromStdString(view->message));
  said_ = now;
  Q_EMIT changed();
}

void ExploreSession::take(size_t point) {
  if (point >= report_.points.size()) return;
  const SweepPoint& p = report_.points[point];
  const Tuning& tuning = session_.tuning();
  if (p.perFrame())
    session_.load(tuning.flow, tuning.propagate, 1);
  else
    session_.load(p.flow, p.propagate, p.interval);
}

std::optional<size_t> ExploreSession::current() const {
  const Tuning& tuning = session_.tuning();
  if (session_.policy() != "fixed") return std::nullopt;
  const std::string flow = tuning.flow == "auto" ? session_.news().flowSource : tuning.flow;
  for (size_t i = 0; i < report_.points.size(); ++i) {
    const SweepPoint& p = report_.points[i];
    if (p.interval != tuning.keys.interval) continue;
    if (p.perFrame() || (p.flow == flow && p.propagate == tuning.propagate)) return i;
  }
  return std::nullopt;
}

}  // namespace dff::ui
