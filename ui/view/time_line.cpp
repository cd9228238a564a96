#include "ui/view/time_line.h"

#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <QWheelEvent>
#include <utility>

namespace dff::ui {
namespace {

constexpr int kLabels = 112, kRightMargin = 12;
constexpr int kRuler = 20, kKeys = 26, kCost = 36, kDrift = 32, kCuts = 24;
constexpr int kKeysTop = kRuler, kCostTop = kKeysTop + kKeys, kDriftTop = kCostTop + kCost,
              kCutsTop = kDriftTop + kDrift, kHeight = kCutsTop + kCuts + 4;
constexpr double kTickPixels = 60;

QPolygonF diamond(QPointF c, double r) {
  return QPolygonF({{c.x(), c.y() - r}, {c.x() + r, c.y()}, {c.x(), c.y() + r}, {c.x() - r, c.y()}});
}

QColor faded(QColor color, int alpha) {
  color.setAlpha(alpha);
  return color;
}

}  // namespace

TimeLine::TimeLine(Look& look, QWidget* parent) : QWidget(parent), look_(look) {
  setFixedHeight(kHeight);
  setAttribute(Qt::WA_OpaquePaintEvent);
  setAccessibleName(tr("Time line"));
  connect(&look_, &Look::changed, this, &TimeLine::repaintLanes);
}

QSize TimeLine::sizeHint() const { return {800, kHeight}; }

void TimeLine::setData(TimeLineData data) {
  const int64_t position = std::exchange(data.position, data_.position);
  if (data == data_) return setPosition(position);
  const bool otherClip = data.frames != data_.frames;
  data.position = position;
  data_ = std::move(data);
  layOut(otherClip || fitted_);
  repaintLanes();
}

void TimeLine::setPosition(int64_t frame) {
  if (frame == data_.position) return;
  update(playheadRect());
  data_.position = frame;
  const TimeScale shown = scale_.showing(frame);
  if (shown.first != scale_.first) repaintLanes();
  scale_ = shown;
  update(playheadRect());
}

void TimeLine::repaintLanes() {
  lanes_ = {};
  update();
}

void TimeLine::layOut(bool fit) {
  scale_.frames = std::max<int64_t>(1, data_.frames);
  scale_.left = kLabels;
  scale_.width = std::max(1, width() - kLabels - kRightMargin);
  if (fit) scale_ = scale_.fitted();
  fitted_ = scale_.pixelsPerFrame <= scale_.fitted().pixelsPerFrame;
}

void TimeLine::resizeEvent(QResizeEvent*) { layOut(fitted_); }

void TimeLine::paintEvent(QPaintEvent*) {
  if (lanes_.size() != size() * devicePixelRatioF()) paintLanes();
  QPainter p(this);
  p.drawPixmap(0, 0, lanes_);
  if (data_.frames == 0) return;
  p.setClipRect(kLabels - 7, 0, width() - kLabels + 7, kHeight);
  p.setRenderHint(QPainter::Antialiasing);
  paintPlayhead(p);
}

void TimeLine::paintLanes() {
  ++lanesPainted_;
  lanes_ = QPixmap(size() * devicePixelRatioF());
  lanes_.setDevicePixelRatio(devicePixelRatioF());
  QPainter p(&lanes_);
  paintGround(p);
  if (data_.frames == 0) return;
  p.setClipRect(kLabels - 7, 0, width() - kLabels + 7, kHeight);
  p.setRenderHint(QPainter::Antialiasing);
  paintRange(p);
  paintRuler(p);
  paintCost(p);
  paintDrift(p);
  paintCuts(p);
  paintKeys(p);
}

/// Frames that share a column of pixels: drawn as one.
int64_t TimeLine::framesAtOnce() const { return std::max<int64_t>(1, int64_t(1 / scale_.pixelsPerFrame)); }

FrameNote TimeLine::worstNote(int64_t first, int64_t count) const {
  FrameNote worst;
  const int64_t end = std::min<int64_t>(first + count, int64_t(data_.notes.size()));
  for (int64_t i = first; i < end; ++i) {
    const FrameNote& note = data_.notes[size_t(i)];
    if (note.ms > worst.ms) worst.ms = note.ms, worst.key = note.key;
    worst.drift = std::max(worst.drift, note.drift);
  }
  return worst;
}

void TimeLine::paintGround(QPainter& p) const {
  const Theme& t = look_.theme();
  p.fillRect(rect(), t.panel);
  p.fillRect(kLabels, kKeysTop, width(), kHeight, t.bg);
  for (int top : {kKeysTop, kCostTop, kDriftTop, kCutsTop}) p.fillRect(0, top, width(), 1, t.raised);
  p.setFont(look_.words(11));
  p.setPen(t.dim);
  const std::tuple<int, int, QString> labels[] = {{kKeysTop, kKeys, tr("Keys")},
                                                  {kCostTop, kCost, tr("ms / frame")},
                                                  {kDriftTop, kDrift, tr("Drift")},
                                                  {kCutsTop, kCuts, tr("Cuts, cache")}};
  for (const auto& [top, height, label] : labels)
    p.drawText(QRect(12, top, kLabels - 12, height), Qt::AlignVCenter, label);
}

void TimeLine::paintRange(QPainter& p) const {
  if (data_.in == 0 && data_.out == data_.frames - 1) return;
  const Theme& t = look_.theme();
  const double from = scale_.x(double(data_.in)), to = scale_.x(double(data_.out) + 1);
  const QColor outside = faded(t.canvas, t.dark ? 150 : 110);
  p.fillRect(QRectF(scale_.left, kRuler, from - scale_.left, kHeight), outside);
  p.fillRect(QRectF(to, kRuler, width() - to, kHeight), outside);
  p.fillRect(QRectF(from, kRuler - 3, to - from, 3), t.action);
}

void TimeLine::paintRuler(QPainter& p) const {
  const Theme& t = look_.theme();
  const int64_t step = scale_.tickStep(kTickPixels);
  p.setFont(look_.figures(10));
  for (int64_t frame = firstSeen() / step * step; frame <= lastSeen(); frame += step) {
    const double x = scale_.x(double(frame));
    p.setPen(t.line);
    p.drawLine(QPointF(x, 5), QPointF(x, kRuler));
    p.setPen(t.faint);
    p.drawText(QPointF(x + 4, 14), QString::number(frame));
  }
}

void TimeLine::paintKeys(QPainter& p) const {
  const Theme& t = look_.theme();
  int64_t key = data_.keys.keyOf(firstSeen());
  for (; key <= lastSeen(); key = data_.keys.keyAfter(key)) {
    const QPointF middle(scale_.x(double(key) + 0.5), kKeysTop + kKeys / 2.0);
    const bool pinned = data_.keys.pins.count(key) > 0;
    p.setPen(QPen(t.key, 1.5));
    p.setBrush(pinned ? t.bg : t.key);
    const double radius = std::clamp(data_.keys.interval * scale_.pixelsPerFrame / 2.4, 2.0, 5.5);
    p.drawPolygon(diamond(middle, pinned ? std::max(4.5, radius) : radius));
  }
}

/// All bars share one scale, so that the eye sees what a key frame costs.
void TimeLine::paintCost(QPainter& p) const {
  const Theme& t = look_.theme();
  std::vector<float> costs;
  for (const FrameNote& note : data_.notes)
    if (note.ms >= 0) costs.push_back(note.ms);
  if (costs.empty()) return;
  const auto top =
      costs.begin() + std::ptrdiff_t((costs.size() - 1) * 98 / 100);  // an outlier must not flatten the rest
  std::nth_element(costs.begin(), top, costs.end());
  const double full = std::max(1.0, double(*top)), room = kCost - 6, bottom = kCostTop + kCost - 1;
  const double gap = scale_.pixelsPerFrame > 4 ? 1 : 0;
  const int64_t step = framesAtOnce();
  p.setPen(Qt::NoPen);
  for (int64_t i = firstSeen() / step * step; i <= lastSeen(); i += step) {
    const FrameNote note = worstNote(i, step);
    if (note.ms < 0) continue;
    const double height = std::clamp(note.ms / full, 0.04, 1.0) * room;
    p.fillRect(QRectF(scale_.x(double(i)), bottom - height, std::max(1.0, scale_.pixelsPerFrame - gap), height),
               note.key ? t.key : t.propagated);
  }
}

/// Rises from key to key; over the limit it turns to the colour of alarm.
void TimeLine::paintDrift(QPainter& p) const {
  const Theme& t = look_.theme();
  const double bottom = kDriftTop + kDrift - 1, room = kDrift - 6;
  const auto y = [&](double drift) { return bottom - std::clamp(drift, 0.0, 1.0) * room; };
  p.setPen(QPen(faded(t.alarm, 160), 1, Qt::DashLine));
  p.drawLine(QPointF(scale_.left, y(data_.driftLimit)), QPointF(scale_.left + scale_.width, y(data_.driftLimit)));
  const int64_t step = framesAtOnce();
  const double wide = double(step) * scale_.pixelsPerFrame;
  FrameNote before;
  for (int64_t i = firstSeen() / step * step; i <= lastSeen(); i += step) {
    const FrameNote note = worstNote(i, step), last = std::exchange(before, note);
    if (note.drift < 0) continue;
    const double x = scale_.x(double(i));
    const QColor color = note.drift > data_.driftLimit ? t.alarm : t.propagated;
    p.fillRect(QRectF(x, y(note.drift), wide, bottom - y(note.drift)), faded(color, 70));
    p.setPen(QPen(color, 1.2));
    if (last.drift >= 0 && !note.key)
      p.drawLine(QPointF(x - wide / 2, y(last.drift)), QPointF(x + wide / 2, y(note.drift)));
  }
}

void TimeLine::paintCuts(QPainter& p) const {
  const Theme& t = look_.theme();
  for (const auto& [first, last] : data_.cached) {
    const double from = std::max(scale_.left, scale_.x(double(first)));
    p.fillRect(QRectF(from, kCutsTop + kCuts - 6, scale_.x(double(last) + 1) - from, 3), faded(t.done, 200));
  }
  p.setPen(QPen(t.alarm, 2));
  for (int64_t cut : data_.keys.cuts)
    p.drawLine(QPointF(scale_.x(double(cut)), kCutsTop + 4), QPointF(scale_.x(double(cut)), kCutsTop + kCuts - 1));
}

double TimeLine::playheadAt() const { return std::round(scale_.x(double(data_.position) + 0.5)) + 0.5; }

QRect TimeLine::playheadRect() const { return QRect(int(playheadAt()) - 8, 0, 16, kHeight); }

void TimeLine::paintPlayhead(QPainter& p) const {
  const Theme& t = look_.theme();
  const double x = playheadAt();
  p.setPen(QPen(t.text, 1.5));
  p.drawLine(QPointF(x, 6), QPointF(x, kHeight));
  p.setPen(Qt::NoPen);
  p.setBrush(t.text);
  p.drawPolygon(QPolygonF({{x - 5.5, 0}, {x + 5.5, 0}, {x + 5.5, 7}, {x, 13}, {x - 5.5, 7}}));
}

void TimeLine::mousePressEvent(QMouseEvent* e) {
  if (e->button() == Qt::LeftButton && data_.frames) Q_EMIT sought(scale_.frameAt(e->position().x()));
}

void TimeLine::mouseMoveEvent(QMouseEvent* e) {
  if (e->buttons() & Qt::LeftButton && data_.frames) Q_EMIT sought(scale_.frameAt(e->position().x()));
}

void TimeLine::wheelEvent(QWheelEvent* e) {
  const int turn = e->angleDelta().y() ? e->angleDelta().y() : e->angleDelta().x();
  if (e->modifiers() & Qt::ShiftModifier || e->angleDelta().x())
    scale_ = scale_.scrolled(-turn);
  else
    scale_ = scale_.zoomed(std::exp2(turn / 480.0), e->position().x());
  fitted_ = scale_.pixelsPerFrame <= scale_.fitted().pixelsPerFrame;
  repaintLanes();
}

QString TimeLine::tipAt(int64_t frame) const {
  QString tip = tr("frame %1").arg(frame);
  const int64_t key = data_.keys.keyOf(frame);
  tip += key == frame ? (data_.keys.pins.count(frame) ? tr(", pinned key frame") : tr(", key frame"))
                      : tr(", from key %1, %2 back").arg(key).arg(frame - key);
  if (data_.keys.cuts.count(frame)) tip += tr(", scene cut");
  if (size_t(frame) >= data_.notes.size()) return tip;
  const FrameNote& note = data_.notes[size_t(frame)];
  if (note.ms >= 0) tip += tr("\n%1 ms").arg(note.ms, 0, 'f', 1);
  if (note.drift >= 0) tip += tr("\ndrift %1 (1 - mean trust)").arg(note.drift, 0, 'f', 2);
  return tip;
}

bool TimeLine::event(QEvent* e) {
  if (e->type() != QEvent::ToolTip || data_.frames == 0) return QWidget::event(e);
  const auto* help = static_cast<QHelpEvent*>(e);
  if (help->pos().x() < kLabels)
    QToolTip::hideText();
  else
    QToolTip::showText(help->globalPos(), tipAt(scale_.frameAt(help->pos().x())), this);
  return true;
}

}  // namespace dff::ui
