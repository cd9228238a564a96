#include "ui/view/plot.h"

#include <QBuffer>
#include <QFileInfo>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QSvgGenerator>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/file.h"

namespace dff::ui {
namespace {

constexpr double kReach = 14;  // pixels from a point within which it is meant
constexpr QSize kPaper(960, 600);
constexpr double kPngScale = 2;

}  // namespace

void savePlot(const QString& file, const PlotData& data, const Look& look) {
  const Theme& paper = lightTheme();
  QBuffer bytes;
  bytes.open(QIODevice::WriteOnly);
  if (QFileInfo(file).suffix().toLower() == "svg") {
    QSvgGenerator svg;
    svg.setOutputDevice(&bytes);
    svg.setSize(kPaper);
    svg.setViewBox(QRect(QPoint(), kPaper));
    svg.setTitle(data.yTitle + " / " + data.xTitle);
    QPainter p(&svg);
    p.fillRect(QRect(QPoint(), kPaper), paper.bg);
    paintPlot(p, kPaper, data, look, paper);
  } else {
    QImage image(kPaper * kPngScale, QImage::Format_RGB32);
    image.setDevicePixelRatio(kPngScale);
    image.fill(paper.bg);
    QPainter p(&image);
    paintPlot(p, kPaper, data, look, paper);
    p.end();
    if (!image.save(&bytes, "PNG")) fail("the plot cannot be written as PNG");
  }
  const QByteArray& content = bytes.data();
  writeFileAtomically(file.toStdString(), {content.constData(), size_t(content.size())});
}

Plot::Plot(Look& look, QWidget* parent) : QWidget(parent), look_(look) {
  setMinimumSize(320, 200);
  setMouseTracking(true);
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Accuracy against cost"));
  connect(&look, &Look::changed, this, qOverload<>(&QWidget::update));
}

void Plot::setData(PlotData data) {
  data_ = std::move(data);
  update();
}

std::vector<PlotPoint> Plot::pickable() const {
  std::vector<PlotPoint> points;
  std::vector<int> seen;  // curves may meet in a point
  for (const PlotCurve& curve : data_.curves)
    for (const PlotPoint& q : curve.points) {
      if (q.id < 0 || std::count(seen.begin(), seen.end(), q.id)) continue;
      seen.push_back(q.id);
      points.push_back(q);
    }
  return points;
}

int Plot::pointAt(QPointF place) const {
  const PlotScale scale(data_, size());
  int nearest = -1;
  double least = kReach;
  for (const PlotPoint& q : pickable()) {
    const QPointF away = scale.place(q.x, q.y) - place;
    const double distance = std::hypot(away.x(), away.y());
    if (distance < least) least = distance, nearest = q.id;
  }
  return nearest;
}

void Plot::paintEvent(QPaintEvent*) {
  QPainter p(this);
  p.fillRect(rect(), look_.theme().bg);
  if (!data_.curves.empty()) paintPlot(p, size(), data_, look_, look_.theme(), pointed_);
  if (!hasFocus()) return;
  p.setPen(QPen(look_.theme().action, 1));
  p.setBrush(Qt::NoBrush);
  p.drawRect(rect().adjusted(0, 0, -1, -1));
}

void Plot::point(int id) {
  setCursor(id < 0 ? Qt::ArrowCursor : Qt::PointingHandCursor);
  if (id == pointed_) return;
  pointed_ = id;
  update();
}

void Plot::mouseMoveEvent(QMouseEvent* e) { point(pointAt(e->position())); }
void Plot::leaveEvent(QEvent*) { point(-1); }

void Plot::mousePressEvent(QMouseEvent* e) {
  const int id = pointAt(e->position());
  if (e->button() == Qt::LeftButton && id >= 0) Q_EMIT picked(id);
}

void Plot::keyPressEvent(QKeyEvent* e) {
  const auto points = pickable();
  const bool up = e->key() == Qt::Key_Up, down = e->key() == Qt::Key_Down;
  if ((e->key() == Qt::Key_Return || e->key() == Qt::Key_Enter) && pointed_ >= 0) {
    Q_EMIT picked(pointed_);
  } else if ((up || down) && !points.empty()) {
    const auto now = std::find_if(points.begin(), points.end(), [&](const auto& q) { return q.id == pointed_; });
    const int64_t at = now == points.end() ? (up ? 1 : -1) : now - points.begin();
    point(points[size_t(std::clamp<int64_t>(at + (down ? 1 : -1), 0, std::ssize(points) - 1))].id);
  } else {
    QWidget::keyPressEvent(e);  // left and right step through frames wherever the focus is
  }
}

bool Plot::event(QEvent* e) {
  if (e->type() != QEvent::ToolTip) return QWidget::event(e);
  const auto* help = static_cast<QHelpEvent*>(e);
  const int id = pointAt(help->pos());
  for (const PlotPoint& q : pickable())
    if (q.id == id && id >= 0) QToolTip::showText(help->globalPos(), q.tip, this);
  if (id < 0) QToolTip::hideText();
  return true;
}

}  // namespace dff::ui
