#include "ui/compare/compare_session.h"

#include <algorithm>

#include "ui/look/theme.h"

namespace dff::ui {

CompareSession::CompareSession(Session& session, QObject* parent)
    : QObject(parent), session_(session), comparer_([this] { woke_(); }) {
  sides_[1].kind = Configuration::Kind::PerFrame;
  applyLayers();
  connect(&woke_, &Wakeup::woken, this, &CompareSession::onWoken);
  connect(&session, &Session::layersChanged, this, [this] {
    applyLayers();
    apply();
  });
  connect(&session, &Session::frameChanged, this, [this] {
    aim();
    refresh();
  });
  connect(&session.player(), &Player::changed, this, &CompareSession::apply);
  connect(&session, &Session::tuningChanged, this, &CompareSession::apply);
  connect(&session, &Session::clipChanged, this, [this] {
    truth_.clear();  // label images belong to a clip
    for (Configuration& side : sides_)
      if (!side.infers()) side.kind = Configuration::Kind::PerFrame;
    comparison_.reset();
    apply();
  });
}

CompareSession::~CompareSession() { setActive(false); }

void CompareSession::setActive(bool active) {
  if (active == active_) return;
  active_ = active;
  if (active && !begun_) sides_[0] = configurationOf(session_.tuning());
  begun_ |= active;
  if (active)
    session_.lend([this](int64_t index) { return !news_.error.empty() || comparer_.result(index) != nullptr; });
  else
    session_.lend(nullptr);
  apply();
}

void CompareSession::setSide(size_t i, const Configuration& configuration) {
  sides_[i] = tidied(configuration);
  apply();
}

void CompareSession::restore(const std::array<Configuration, 2>& sides, const QString& truth, CompareMode mode,
                             double divider) {
  sides_ = sides;
  truth_ = truth;
  mode_ = mode;
  divider_ = std::clamp(divider, 0.0, 1.0);
  begun_ = true;
  apply();
}

void CompareSession::swapSides() {
  std::swap(sides_[0], sides_[1]);
  apply();
}

void CompareSession::useInStudio(size_t i) {
  const Configuration& c = sides_[i];
  if (c.infers()) session_.load(c.flow, c.propagate, c.keyInterval());
}

void CompareSession::setTruth(const QString& folder) {
  truth_ = folder;
  apply();
}

void CompareSession::setMode(CompareMode mode) {
  mode_ = mode;
  Q_EMIT changed();
}

void CompareSession::setDivider(double share) {
  divider_ = std::clamp(share, 0.0, 1.0);
  Q_EMIT changed();
}

void CompareSession::apply() {
  if (active_ && session_.clip()) {
    const Tuning& tuning = session_.tuning();
    CompareSettings settings{session_.clip(),
                             tuning.model,
                             tuning.precision,
                             sides_,
                             truth_.toStdString(),
                             tuning.keys,
                             session_.player().in(),
                             session_.player().out(),
                             layersNeed(session_.layers(), LayerData::Boxes)};
    settings.keys.planned.clear();
    settings.keys.interval = 1;  // the sides have their own; the studio's is none of their business
    comparer_.setSettings(settings);
    tellError();
  }
  aim();
  refresh();
  Q_EMIT changed();
}

void CompareSession::applyLayers() {
  const QColor alarm = darkTheme().alarm;  // on the darkened picture, in both themes
  comparer_.setLayers(session_.layers(), {uint8_t(alarm.red()), uint8_t(alarm.green()), uint8_t(alarm.blue())});
}

void CompareSession::aim() {
  CompareAim aim;
  aim.active = active_ && session_.clip();
  if (aim.active) {
    const Player& player = session_.player();
    aim.frame = player.due();
    aim.playing = player.playing();
    aim.direction = player.direction();
    aim.frameMs = 1000 * session_.clip()->duration(aim.frame) / player.speed();
  }
  comparer_.aim(aim);
}

void CompareSession::tellError() {
  const std::string before = news_.error;
  news_ = comparer_.news();
  if (news_.error != before) Q_EMIT failed(QString::fromStdString(news_.error));
}

void CompareSession::onWoken() {
  if (!active_) return;
  tellError();
  session_.player().look();
  aim();
  refresh();
}

/// An older comparison of the same frame stays until there is a new one: sliders would flicker otherwise.
void CompareSession::refresh() {
  const FramePtr shown = session_.frame();
  const ComparisonPtr now = active_ && shown ? comparer_.result(shown->index) : nullptr;
  stale_ = !now;
  if (now)
    comparison_ = now;
  else if (comparison_ && (!shown || comparison_->frame->index != shown->index || !news_.error.empty()))
    comparison_.reset();
  if (active_) Q_EMIT comparisonChanged();
}

}  // namespace dff::ui
