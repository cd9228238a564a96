#include "ui/window/session.h"

#include <algorithm>
#include <chrono>

#include "core/flow/propagator.h"
#include "core/model/net_input.h"

namespace dff::ui {
namespace {

constexpr size_t kRingBytes = 256u << 20;
constexpr int kReadingMs = 250;

double steadySeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// What stands on the picture by tags of the window is not painted into it as well.
OverlayOptions viewerLayers() {
  OverlayOptions layers;
  layers.layers = {"seg", "contours", "boxes"};
  return layers;
}

}  // namespace

Session::Session(QObject* parent, std::unique_ptr<SoundSink> sink)
    : QObject(parent),
      ring_(kRingBytes),
      sound_(std::move(sink), steadySeconds),
      player_(ring_, [this] { return sound_.now(); }),
      layers_(viewerLayers()),
      jobs_([this] { jobsWoke_(); }),
      decoder_(ring_, [this] { decoderWoke_(); }),
      inference_(ring_, [this] { inferenceWoke_(); }),
      planner_([this] { plannerWoke_(); }) {
  inference_.setLayers(layers_);
  inference_.setTuning(tuning_ = settled(tuning_));
  player_.setReady([this](int64_t index) { return ready(index); });
  connect(&decoderWoke_, &Wakeup::woken, this, &Session::onDecoder);
  connect(&inferenceWoke_, &Wakeup::woken, this, &Session::onInference);
  connect(&plannerWoke_, &Wakeup::woken, this, &Session::onPlanner);
  connect(&jobsWoke_, &Wakeup::woken, this, &Session::jobsChanged);
  connect(&player_, &Player::frameShown, this, [this] {
    aim();
    followSound();
    refreshFrame(true);
  });
  connect(&player_, &Player::changed, this, [this] {
    followRange();
    aim();
    followSound();
  });
  connect(&sound_, &Sound::ready, this, &Session::followSound);
  reading_.setSingleShot(true);
  reading_.setInterval(kReadingMs);
  connect(&reading_, &QTimer::timeout, this, &Session::read);
}

void Session::open(const QString& path) { decoder_.open(path.toStdString()); }

QString Session::path() const { return clip() ? QString::fromStdString(clip()->path.string()) : QString(); }

void Session::onDecoder() {
  const bool otherClip = (decoding_ = decoder_.news()).clip != clip();
  if (otherClip) {
    tuning_.keys.cuts.clear();
    tuning_.keys.pins.clear();
    tuning_.keys.planned.clear();
    tuning_.keys.inPoint = 0;
    tuning_.keys.frames = decoding_.clip->frames();
    tuning_.keys.outPoint = tuning_.keys.frames - 1;
    probe_.reset();
    inference_.setTuning(tuning_);
    inference_.setClip(decoding_.clip);
    sound_.open(decoding_.clip->info.hasAudio ? decoding_.clip->path : std::filesystem::path());
    player_.setClip(decoding_.clip);
    Q_EMIT clipChanged();
    Q_EMIT tuningChanged();
  }
  if (!decoding_.error.empty() && decoding_.error != saidError_) Q_EMIT failed(QString::fromStdString(decoding_.error));
  saidError_ = decoding_.error;
  if (decoding_.cuts != tuning_.keys.cuts) {
    tuning_.keys.cuts = decoding_.cuts;
    applyTuning();
  }
  player_.look();
  aim();
  if (lost()) Q_EMIT frameChanged();
  if (!reading_.isActive()) reading_.start();
}

void Session::onInference() {
  player_.look();
  refreshFrame();
  aim();
  if (!reading_.isActive()) reading_.start();
}

/// Key frames are counted from the in-point, and a run that reads ahead ends with one at the out-point.
void Session::followRange() {
  KeySchedule& keys = tuning_.keys;
  if (!clip() || (keys.inPoint == player_.in() && keys.outPoint == player_.out())) return;
  keys.inPoint = player_.in();
  keys.outPoint = player_.out();
  applyTuning();
}

/// Sound is heard forwards and as fast as it was recorded.
void Session::followSound() {
  const bool plays = clip() && player_.playing() && player_.direction() > 0 && player_.speed() == 1;
  sound_.follow(plays ? std::optional(player_.clockSeconds()) : std::nullopt);
}

void Session::setMuted(bool muted) {
  sound_.setMuted(muted);
  followSound();
  Q_EMIT readingsChanged();
}

/// Where the threads should be looking.
void Session::aim() {
  if (!clip()) return;
  const int64_t due = player_.due();
  const bool waits = !ring_.has(due) || (overlays_ && !lent_ && news_.error.empty() && !inference_.result(due));
  decoder_.aim({due, named(tuning_.keys.keysAround(due)), player_.direction(), !player_.playing() && waits});
  Focus focus;
  focus.frame = due;
  focus.playing = player_.playing();
  focus.direction = player_.playing() ? player_.direction() : 1;
  focus.frameMs = 1000 * clip()->duration(due) / player_.speed();
  focus.first = player_.in();
  focus.last = player_.out();
  focus.inspect = !lent_ && (inspecting_ || (probe_ && !focus.playing));
  focus.overlays = overlays_ && !lent_;
  inference_.setFocus(focus);
}

bool Session::ready(int64_t index) const {
  if (lent_) return lent_(index);
  return !overlays_ || !news_.error.empty() || inference_.result(index) != nullptr;
}

void Session::refreshFrame(bool otherFrame) {
  const FramePtr shown = frame();
  OverlaidPtr now = shown && overlays_ ? inference_.result(shown->index) : nullptr;
  now = inference_.upToDate(now);
  const InspectionPtr inspection = inference_.inspection();
  const bool other = otherFrame || now != overlaid_ || inspection != inspection_;
  overlaid_ = now;
  inspection_ = inspection;
  if (other) Q_EMIT frameChanged();
}

/// Figures for people: often enough to be alive, seldom enough to be read.
void Session::read() {
  const std::string before = news_.error;
  news_ = inference_.news();
  decoding_ = decoder_.news();
  notes_ = inference_.notes();
  if (!news_.error.empty() && news_.error != before) Q_EMIT failed(QString::fromStdString(news_.error));
  plan();
  Q_EMIT readingsChanged();
}

cv::Mat Session::picture() const {
  if (!frame()) return {};
  return overlaid_ ? overlaid_->picture : frame()->rgb;
}

TimeLineData Session::timeLine() const {
  TimeLineData data;
  if (!clip()) return data;
  data.frames = clip()->frames();
  data.position = player_.position();
  data.in = player_.in();
  data.out = player_.out();
  data.keys = tuning_.keys;
  data.notes = notes_;
  data.cached = ring_.ranges();
  return data;
}

double Session::keyShare() const {
  if (!clip()) return 1.0 / tuning_.keys.interval;
  int64_t keys = 0;
  for (int64_t i = player_.in(); i <= player_.out(); i = tuning_.keys.keyAfter(i)) ++keys;
  return double(keys) / double(player_.out() - player_.in() + 1);
}

double Session::measuredMs() const {
  double keys = 0, others = 0;
  int64_t keyCount = 0, otherCount = 0;
  for (const FrameNote& note : notes_) {
    if (note.ms < 0) continue;
    (note.key ? keys : others) += note.ms;
    ++(note.key ? keyCount : otherCount);
  }
  const double share = keyShare();
  if (keyCount == 0 || (otherCount == 0 && share < 1)) return -1;
  return share * keys / double(keyCount) + (otherCount ? (1 - share) * others / double(otherCount) : 0);
}

void Session::applyTuning() {
  tuning_ = settled(tuning_);
  inference_.setTuning(tuning_);
  notes_ = inference_.notes();
  plan();
  aim();
  Q_EMIT tuningChanged();
  refreshFrame();
}

/// Keys are placed for the clip, range, model, interval and pins of now.
void Session::plan() {
  KeyWish wish{clip(),  player_.in(),          player_.out(),     {},
               policy_, tuning_.keys.interval, tuning_.keys.pins, tuning_.keys.readsAhead};
  if (clip() && news_.loaded) wish.network = networkSize({clip()->info.width, clip()->info.height}, news_.input);
  planner_.setWish(wish);
}

void Session::onPlanner() {
  const PlannedKeys planned = planner_.news();
  planning_ = planned.looked;
  if (!planned.error.empty() && policy_ != "fixed") {
    Q_EMIT failed(QString::fromStdString(planned.error));
    return setPolicy("fixed");
  }
  const bool ofNow = planned.wish.clip == clip() && planned.wish.policy == policy_;
  if (!ofNow || planned.keys == tuning_.keys.planned) return Q_EMIT readingsChanged();
  tuning_.keys.planned = planned.keys;
  applyTuning();
}

void Session::setPolicy(const QString& name) {
  policy_ = findPolicy(name.toStdString()).name;
  if (policy_ == "fixed") tuning_.keys.planned.clear();
  applyTuning();
}

void Session::nextPolicy() {
  const auto names = quickPolicies();
  const auto now = std::find(names.begin(), names.end(), policy_);
  setPolicy(QString::fromStdString(now == names.end() || now + 1 == names.end() ? names[0] : now[1]));
}

void Session::setInterval(int interval) {
  tuning_.keys.interval = std::clamp(interval, 1, 30);
  applyTuning();
}

void Session::setFlow(const QString& name) {
  tuning_.flow = name.toStdString();
  applyTuning();
}

void Session::setPropagation(const QString& name) {
  tuning_.propagate = name.toStdString();
  applyTuning();
}

void Session::nextPropagation() {
  const QStringList names = QString::fromStdString(knownPropagators()).split(", ");
  setPropagation(names[(names.indexOf(QString::fromStdString(tuning_.propagate)) + 1) % names.size()]);
}

void Session::setAggregateKeys(bool on) {
  tuning_.aggregateKeys = on;
  applyTuning();
}

void Session::setPrecision(const QString& name) {
  tuning_.precision = name.toStdString();
  applyTuning();
}

void Session::setModel(const QString& folder) {
  tuning_.model = folder.toStdString();
  applyTuning();
}

void Session::load(const std::string& flow, const std::string& propagate, int interval, const std::string& policy) {
  policy_ = policy;
  if (policy_ == "fixed") tuning_.keys.planned.clear();
  tuning_.flow = flow;
  tuning_.propagate = propagate;
  setInterval(interval);
}

void Session::togglePin() {
  if (!clip()) return;
  auto& pins = tuning_.keys.pins;
  const int64_t here = player_.position();
  if (!pins.erase(here)) pins.insert(here);
  applyTuning();
}

void Session::setPins(const std::set<int64_t>& pins) {
  tuning_.keys.pins = pins;
  applyTuning();
}

void Session::goToKey(int direction) {
  const int64_t here = player_.position();
  player_.pause();
  player_.seek(direction < 0 ? tuning_.keys.keyOf(here - 1) : tuning_.keys.keyAfter(here));
}

bool Session::hasLayer(const QString& name) const {
  return std::count(layers_.layers.begin(), layers_.layers.end(), name.toStdString()) > 0;
}

void Session::setLayer(const QString& name, bool on) {
  OverlayOptions layers = layers_;
  std::erase(layers.layers, name.toStdString());
  if (on) layers.layers.push_back(name.toStdString());
  setLayers(layers);
}

void Session::setLayers(const OverlayOptions& layers) {
  layers_ = layers;
  inference_.setLayers(layers_);
  const bool heat = layersNeed(layers_, LayerData::Heat);
  if (heat != tuning_.heat || layers_.heatChannel != tuning_.heatChannel) {
    tuning_.heat = heat;
    tuning_.heatChannel = layers_.heatChannel;
    applyTuning();
  }
  Q_EMIT layersChanged();
  refreshFrame();
}

bool Session::complete() const {
  if (!news_.error.empty() || !decoding_.error.empty() || lost()) return true;
  if (!clip() || !frame() || frame()->index != player_.position()) return false;
  if (!overlays_ && !inspecting_) return true;
  const bool drawn = overlaid_ && !overlaid_->late && !overlaid_->provisional;
  if (overlays_ && !drawn) return false;
  const bool inspected = inspection_ && inspection_->current == frame() && !inspection_->provisional;
  return !inspecting_ || (inspected && !inspection_->recomputed.empty());
}

void Session::setOverlays(bool on) {
  overlays_ = on;
  aim();
  refreshFrame();
  Q_EMIT layersChanged();
}

void Session::setInspecting(bool on) {
  inspecting_ = on;
  aim();
}

void Session::lend(std::function<bool(int64_t)> ready) {
  lent_ = std::move(ready);
  aim();
}

void Session::setProbe(std::optional<QPointF> place) {
  probe_ = place;
  aim();
  Q_EMIT probeChanged();
}

}  // namespace dff::ui
