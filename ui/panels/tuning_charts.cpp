#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/panels/tuning_panel.h"

namespace dff::ui {
namespace {
constexpr int kMaxInterval = 30;
constexpr double kTop = 8, kBottom = 22, kSide = 6;  // margins of the curve
}  // namespace

CostBar::CostBar(Look& look, QWidget* parent) : QWidget(parent), look_(look) {
  setFixedHeight(10);
  setToolTip(tr("The whole bar is what a frame costs when the heavy network runs on every one"));
  connect(&look, &Look::changed, this, qOverload<>(&QWidget::update));
}

void CostBar::setReading(const CostReading& reading) {
  reading_ = reading;
  update();
}

void CostBar::paintEvent(QPaintEvent*) {
  const Theme& t = look_.theme();
  QPainter p(this);
  p.fillRect(rect(), t.raised);
  if (!reading_.known || reading_.keyMs <= 0) return;
  double x = 0;
  const double perMs = width() / std::max(reading_.keyMs, reading_.meanMs);
  const std::pair<double, QColor> parts[] = {
      {reading_.features, t.key}, {reading_.flow, t.propagated}, {reading_.warp, t.other}, {reading_.heads, t.done}};
  for (const auto& [ms, color] : parts) {
    p.fillRect(QRectF(x, 0, ms * perMs, height()), color);
    x += ms * perMs;
  }
}

AgreementCurve::AgreementCurve(Look& look, QWidget* parent) : QWidget(parent), look_(look) {
  setFixedHeight(104);
  setAccessibleName(tr("Agreement by interval"));
  connect(&look, &Look::changed, this, qOverload<>(&QWidget::update));
}

void AgreementCurve::setPoints(std::vector<std::pair<int, double>> points, int current) {
  points_ = std::move(points);
  current_ = current;
  update();
}

/// The lower end of the scale: a multiple of 5 % below every point, so that the curve uses its room.
double AgreementCurve::lowest() const {
  double least = 0.95;
  for (const auto& [interval, share] : points_) least = std::min(least, share);
  return std::max(0.0, std::floor(least * 20 - 1e-9) / 20);
}

QPointF AgreementCurve::place(int interval, double share) const {
  const double x = kSide + (width() - 2 * kSide) * (interval - 1) / double(kMaxInterval - 1);
  const double y = kTop + (height() - kTop - kBottom) * (1 - share) / (1 - lowest());
  return {x, y};
}

void AgreementCurve::paintEvent(QPaintEvent*) {
  const Theme& t = look_.theme();
  QPainter p(this);
  p.setRenderHint(QPainter::Antialiasing);
  p.setFont(look_.figures(10));
  for (double share : {1.0, lowest()}) {
    const double y = place(1, share).y();
    p.setPen(QPen(t.line, 1, share == 1 ? Qt::DotLine : Qt::SolidLine));
    p.drawLine(QPointF(0, y), QPointF(width(), y));
    p.setPen(t.faint);
    const QString label = QString::number(std::lround(100 * share)) + " %";
    p.drawText(QRectF(0, share == 1 ? y + 2 : y - 15, width() - 2, 14), Qt::AlignRight, label);
  }
  for (int interval : {1, 10, 20, 30})
    p.drawText(QRectF(place(interval, 1).x() - 20, height() - 16, 40, 14), Qt::AlignHCenter, QString::number(interval));
  if (points_.empty()) return;
  QPolygonF line;
  for (const auto& [interval, share] : points_) line << place(interval, share);
  p.setPen(QPen(t.propagated, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  p.setBrush(Qt::NoBrush);
  p.drawPolyline(line);
  for (const auto& [interval, share] : points_) {
    if (interval != current_) continue;
    p.setPen(QPen(t.key, 2));
    p.setBrush(t.panel);
    p.drawEllipse(place(interval, share), 4.5, 4.5);
  }
}

void AgreementCurve::mousePressEvent(QMouseEvent* e) {
  const double part = (e->position().x() - kSide) / std::max(1.0, width() - 2 * kSide);
  Q_EMIT picked(std::clamp(1 + int(std::lround(part * (kMaxInterval - 1))), 1, kMaxInterval));
}

}  // namespace dff::ui
