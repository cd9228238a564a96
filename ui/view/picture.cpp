#include "ui/view/picture.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace dff::ui {
namespace {

constexpr double kMostZoom = 64;
constexpr double kWheelStep = 1.0 / 480;  // of a doubling, an eighth of a degree

/// Kept where at least the middle of the pane shows picture.
Framing tidy(Framing f) {
  f.zoom = std::clamp(f.zoom, 1.0, kMostZoom);
  if (f.zoom == 1) return {};
  f.centre = {std::clamp(f.centre.x(), 0.0, 1.0), std::clamp(f.centre.y(), 0.0, 1.0)};
  return f;
}

/// The screen's pixel columns (or rows) mapped to the picture's: dst = a * src + b.
cv::Matx23d mapping(const QRectF& place, cv::Size picture, QSizeF seen, QPointF origin, double dpr) {
  const double sx = place.width() * dpr / seen.width(), sy = place.height() * dpr / seen.height();
  return {sx, 0,  (place.x() - origin.x()) * dpr + 0.5 * sx - 0.5,
          0,  sy, (place.y() - origin.y()) * dpr + 0.5 * sy - 0.5};
}

/// Averaged two by two for as long as it is shown at less than half its size, or it would glitter.
cv::Mat halved(const cv::Mat& rgb, double scale) {
  cv::Mat now = rgb;
  for (; scale < 0.5 && now.cols > 1 && now.rows > 1; scale *= 2) {
    cv::Mat half;
    cv::resize(now, half, {now.cols / 2, now.rows / 2}, 0, 0, cv::INTER_AREA);
    now = half;
  }
  return now;
}

}  // namespace

QRectF placePicture(const Framing& framing, QSizeF picture, QSizeF pane) {
  if (picture.isEmpty() || pane.isEmpty()) return {};
  const QSizeF size = picture.scaled(pane, Qt::KeepAspectRatio) * framing.zoom;
  return {QPointF(pane.width() / 2 - framing.centre.x() * size.width(),
                  pane.height() / 2 - framing.centre.y() * size.height()),
          size};
}

Framing zoomedAt(const Framing& framing, double factor, QPointF at, QSizeF picture, QSizeF pane) {
  const QRectF before = placePicture(framing, picture, pane);
  if (before.isEmpty()) return framing;
  const QPointF place((at.x() - before.x()) / before.width(), (at.y() - before.y()) / before.height());
  Framing f = framing;
  f.zoom = std::clamp(framing.zoom * factor, 1.0, kMostZoom);
  const QSizeF size = picture.scaled(pane, Qt::KeepAspectRatio) * f.zoom;
  f.centre = {place.x() + (pane.width() / 2 - at.x()) / size.width(),
              place.y() + (pane.height() / 2 - at.y()) / size.height()};
  return tidy(f);
}

Framing panned(const Framing& framing, QPointF by, QSizeF picture, QSizeF pane) {
  const QRectF place = placePicture(framing, picture, pane);
  Framing f = framing;
  if (!place.isEmpty()) f.centre -= QPointF(by.x() / place.width(), by.y() / place.height());
  return tidy(f);
}

PictureView::PictureView(Look& look, QWidget* parent) : QWidget(parent), look_(look) {
  setAttribute(Qt::WA_OpaquePaintEvent);
  setMinimumSize(120, 90);
  connect(&look_, &Look::changed, this, qOverload<>(&QWidget::update));
}

void PictureView::setPicture(const cv::Mat& rgb, bool cells, QSizeF seen) {
  rgb_ = rgb;
  cells_ = cells;
  seen_ = seen.isEmpty() ? QSizeF(rgb.cols, rgb.rows) : seen;
  stale_ = true;
  update();
}

void PictureView::setAspect(QSizeF frameSize) {
  frameSize_ = frameSize;
  stale_ = true;
  update();
}

void PictureView::setFraming(const Framing& framing) {
  if (framing == framing_) return;
  framing_ = framing;
  stale_ = true;
  update();
}

void PictureView::setTags(const PictureTag& left, const PictureTag& right) {
  left_ = left;
  right_ = right;
  update();
}

void PictureView::setCrosshair(std::optional<QPointF> place) {
  crosshair_ = place;
  update();
}

double PictureView::scale() const { return frameSize_.isEmpty() ? 1 : place().width() / frameSize_.width(); }

QRectF PictureView::place() const { return placePicture(framing_, frameSize_, size()); }

/// The visible part only, in one pass of OpenCV or two: as fast as a copy, at any zoom.
void PictureView::renderVisible() {
  stale_ = false;
  rendered_.release();
  const QRect whole = place().toAlignedRect(), visible = whole & rect();
  if (rgb_.empty() || visible.isEmpty()) return;
  const double dpr = devicePixelRatioF();
  const cv::Size size(int(std::ceil(visible.width() * dpr)), int(std::ceil(visible.height() * dpr)));
  const cv::Matx23d map = mapping(place(), rgb_.size(), seen_, visible.topLeft(), dpr);
  const int how = cells_ ? cv::INTER_NEAREST : cv::INTER_LINEAR;
  const cv::Mat source = cells_ ? rgb_ : halved(rgb_, map(0, 0));
  cv::Mat drawn;
  if (whole == visible && seen_ == QSizeF(rgb_.cols, rgb_.rows)) {
    cv::resize(source, drawn, size, 0, 0, how);
  } else {
    const double fx = double(source.cols) / rgb_.cols, fy = double(source.rows) / rgb_.rows;
    const cv::Matx23d toScreen(map(0, 0) / fx, 0, map(0, 2) + map(0, 0) * (0.5 / fx - 0.5),  //
                               0, map(1, 1) / fy, map(1, 2) + map(1, 1) * (0.5 / fy - 0.5));
    cv::warpAffine(source, drawn, toScreen, size, how, cv::BORDER_REPLICATE);
  }
  cv::cvtColor(drawn, rendered_, cv::COLOR_RGB2BGRA);
  renderedAt_ = visible;
}

void PictureView::paintEvent(QPaintEvent*) {
  if (stale_) renderVisible();
  QPainter p(this);
  const QRect covered = rendered_.empty() ? QRect() : renderedAt_.toRect();
  for (const QRect& bare : QRegion(rect()) - covered) p.fillRect(bare, look_.theme().canvas);
  if (!rendered_.empty()) {
    QImage image(rendered_.data, rendered_.cols, rendered_.rows, qsizetype(rendered_.step), QImage::Format_RGB32);
    image.setDevicePixelRatio(devicePixelRatioF());
    p.drawImage(renderedAt_.topLeft(), image);
  }
  p.setRenderHint(QPainter::Antialiasing);
  if (crosshair_) paintCrosshair(p);
  paintTag(p, left_, true);
  paintTag(p, right_, false);
}

void PictureView::paintTag(QPainter& p, const PictureTag& tag, bool atLeft) {
  if (tag.word.isEmpty() && tag.text.isEmpty()) return;
  const Theme& t = look_.theme();
  const QFont bold = look_.words(12, QFont::DemiBold), plain = look_.words(12);
  const int word = tag.word.isEmpty() ? 0 : QFontMetrics(bold).horizontalAdvance(tag.word);
  const int text = QFontMetrics(plain).horizontalAdvance(tag.text);
  const int gap = word && text ? 6 : 0;
  const QRect picture = place().toAlignedRect() & rect();
  const int width = 8 + word + gap + text + 8;
  const QRect plate(atLeft ? picture.left() + 12 : picture.right() - 11 - width, picture.top() + 12, width, 24);
  p.setPen(Qt::NoPen);
  p.setBrush(t.plate);
  p.drawRoundedRect(plate, 4, 4);
  p.setFont(bold);
  p.setPen(tag.color);
  p.drawText(plate.adjusted(8, 0, 0, 0), Qt::AlignVCenter, tag.word);
  p.setFont(plain);
  p.setPen(t.plateText);
  p.drawText(plate.adjusted(8 + word + gap, 0, 0, 0), Qt::AlignVCenter, tag.text);
}

void PictureView::paintCrosshair(QPainter& p) {
  const QRectF picture = place();
  const QPointF c(picture.x() + crosshair_->x() * picture.width(), picture.y() + crosshair_->y() * picture.height());
  const Theme& t = look_.theme();
  for (const auto& [color, width] : {std::pair(t.plate, 4.0), std::pair(t.plateText, 1.6)}) {
    p.setPen(QPen(color, width, Qt::SolidLine, Qt::RoundCap));
    p.setBrush(Qt::NoBrush);
    p.drawEllipse(c, 5, 5);
    for (const QPointF& d : {QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)})
      p.drawLine(c + 5 * d, c + 12 * d);
  }
}

void PictureView::take(const Framing& framing) {
  setFraming(framing);
  Q_EMIT framed(framing_);
}

void PictureView::wheelEvent(QWheelEvent* e) {
  if (!(e->modifiers() & Qt::ControlModifier)) return e->ignore();
  take(zoomedAt(framing_, std::exp2(e->angleDelta().y() * kWheelStep), e->position(), frameSize_, size()));
}

void PictureView::point(QPointF position) {
  const QRectF picture = place();
  if (!picture.contains(position)) return;
  Q_EMIT pointed({(position.x() - picture.x()) / picture.width(), (position.y() - picture.y()) / picture.height()});
}

void PictureView::mousePressEvent(QMouseEvent* e) {
  pressed_ = e->button();
  pressedAt_ = e->position();
  if (pressed_ == Qt::LeftButton && e->modifiers() & Qt::ShiftModifier) return point(e->position());
  if (pressed_ == Qt::LeftButton) Q_EMIT clicked();
}

void PictureView::mouseMoveEvent(QMouseEvent* e) {
  if (pressed_ == Qt::LeftButton && e->modifiers() & Qt::ShiftModifier) return point(e->position());
  const bool drags = pressed_ == Qt::MiddleButton || (pressed_ == Qt::LeftButton && framing_.zoom > 1);
  if (!drags || !(e->buttons() & pressed_)) return;
  take(panned(framing_, e->position() - pressedAt_, frameSize_, size()));
  pressedAt_ = e->position();
}

void PictureView::mouseDoubleClickEvent(QMouseEvent*) { Q_EMIT doubleClicked(); }

void PictureView::resizeEvent(QResizeEvent*) { stale_ = true; }

}  // namespace dff::ui
