#pragma once
#include <QPixmap>
#include <QWidget>
#include <set>

#include "ui/infer/inference.h"
#include "ui/look/look.h"
#include "ui/view/time_scale.h"

namespace dff::ui {

/// What the lanes show.
struct TimeLineData {
  int64_t frames = 0;
  int64_t position = 0, in = 0, out = 0;
  KeySchedule keys;
  std::vector<FrameNote> notes;
  std::vector<std::pair<int64_t, int64_t>> cached;
  double driftLimit = 0.5;
  bool operator==(const TimeLineData&) const = default;
};

/// Painted lanes over one ruler: keys, cost, drift, cuts with what is cached; one playhead through all of them.
/// Click and drag seek, the wheel zooms at the pointer, Shift and wheel scroll. The lanes are painted when they change,
/// not when the playhead moves.
class TimeLine : public QWidget {
  Q_OBJECT
 public:
  explicit TimeLine(Look& look, QWidget* parent = nullptr);
  void setData(TimeLineData data);
  void setPosition(int64_t frame);
  /// How often the lanes were painted.
  int lanesPainted() const { return lanesPainted_; }
  const TimeScale& scale() const { return scale_; }
  QSize sizeHint() const override;

 Q_SIGNALS:
  void sought(int64_t frame);

 protected:
  void paintEvent(QPaintEvent*) override;
  void resizeEvent(QResizeEvent*) override;
  void mousePressEvent(QMouseEvent* e) override;
  void mouseMoveEvent(QMouseEvent* e) override;
  void wheelEvent(QWheelEvent* e) override;
  bool event(QEvent* e) override;

 private:
  struct Lane {
    int top, height;
  };
  void paintGround(QPainter& p) const;
  void paintRuler(QPainter& p) const;
  void paintKeys(QPainter& p) const;
  void paintCost(QPainter& p) const;
  void paintDrift(QPainter& p) const;
  void paintCuts(QPainter& p) const;
  void paintRange(QPainter& p) const;
  void paintPlayhead(QPainter& p) const;
  void paintLanes();
  void repaintLanes();
  double playheadAt() const;
  QRect playheadRect() const;
  int64_t framesAtOnce() const;
  FrameNote worstNote(int64_t first, int64_t count) const;
  void layOut(bool fit);
  QString tipAt(int64_t frame) const;
  int64_t firstSeen() const { return scale_.frameAt(scale_.left); }
  int64_t lastSeen() const { return scale_.frameAt(scale_.left + scale_.width); }

  Look& look_;
  TimeLineData data_;
  TimeScale scale_;
  bool fitted_ = true;
  QPixmap lanes_;  // all but the playhead; null: to be painted
  int lanesPainted_ = 0;
};

}  // namespace dff::ui
