#pragma once
#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QWidget>
#include <opencv2/core/mat.hpp>
#include <optional>

#include "ui/look/look.h"

namespace dff::ui {

/// Where a picture lies in its pane: shared by panes that are linked. Positions are shares of the picture, 0..1, so
/// that pictures of different resolutions keep step.
struct Framing {
  double zoom = 1;           ///< 1: fitted
  QPointF centre{0.5, 0.5};  ///< the place of the picture that is in the middle of the pane
  bool operator==(const Framing&) const = default;
};

/// The rectangle of the pane that the whole picture takes.
QRectF placePicture(const Framing& framing, QSizeF picture, QSizeF pane);
/// The framing that keeps the place under `at` where it is while the zoom is multiplied.
Framing zoomedAt(const Framing& framing, double factor, QPointF at, QSizeF picture, QSizeF pane);
/// The framing after dragging by `by` pixels.
Framing panned(const Framing& framing, QPointF by, QSizeF picture, QSizeF pane);

/// A tag over a corner of the picture: a word in a colour of its own, and what follows it.
struct PictureTag {
  QString word, text;
  QColor color;
};

/// One picture on the canvas, fitted, zoomed and panned, never stretched; with tags and a crosshair.
class PictureView : public QWidget {
  Q_OBJECT
 public:
  explicit PictureView(Look& look, QWidget* parent = nullptr);

  /// [H,W] CV_8UC3, R, G, B; shares its memory. `cells`: show each pixel as a sharp block.
  /// `seen`: the part of it that is the picture, from the upper left corner (the rest is padding); empty: all.
  void setPicture(const cv::Mat& rgb, bool cells = false, QSizeF seen = {});
  void setAspect(QSizeF frameSize);  ///< of the video: a feature map is laid out like its frame
  void setFraming(const Framing& framing);
  void setTags(const PictureTag& left, const QString& right) { setTags(left, PictureTag{"", right, {}}); }
  void setTags(const PictureTag& left, const PictureTag& right);
  /// In shares of the picture; none: no crosshair.
  void setCrosshair(std::optional<QPointF> place);
  const Framing& framing() const { return framing_; }
  /// Pixels of the screen for one of the video.
  double scale() const;

 Q_SIGNALS:
  void framed(const Framing& framing);
  void pointed(QPointF place);  ///< clicked with Shift held, or dragged so
  void clicked();
  void doubleClicked();

 protected:
  void paintEvent(QPaintEvent*) override;
  void wheelEvent(QWheelEvent* e) override;
  void mousePressEvent(QMouseEvent* e) override;
  void mouseMoveEvent(QMouseEvent* e) override;
  void mouseDoubleClickEvent(QMouseEvent* e) override;
  void resizeEvent(QResizeEvent* e) override;

 private:
  QRectF place() const;
  void renderVisible();
  void paintTag(QPainter& p, const PictureTag& tag, bool atLeft);
  void paintCrosshair(QPainter& p);
  void point(QPointF position);
  void take(const Framing& framing);

  Look& look_;
  cv::Mat rgb_;
  QSizeF frameSize_, seen_;
  bool cells_ = false;
  Framing framing_;
  PictureTag left_, right_;
  std::optional<QPointF> crosshair_;
  QPointF pressedAt_;
  Qt::MouseButton pressed_ = Qt::NoButton;
  cv::Mat rendered_;  // BGRA of the visible part at screen resolution
  QRectF renderedAt_;
  bool stale_ = true;
};

}  // namespace dff::ui
