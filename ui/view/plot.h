#pragma once
#include <QWidget>
#include <vector>

#include "ui/look/look.h"

namespace dff::ui {

/// How the points of a curve are marked, so that curves of one colour can be told apart.
enum class PlotMark { None, Dot, Ring, Square };

struct PlotPoint {
  double x = 0, y = 0;
  int id = -1;    ///< what picked() tells; below 0: cannot be picked
  QString label;  ///< beside the point, where its curve is the current one or pointed at
  QString tip;
};

struct PlotCurve {
  QString name;  ///< written at its end
  QColor Theme::*color = &Theme::dim;
  PlotMark mark = PlotMark::Dot;
  bool dashed = false;
  std::vector<PlotPoint> points;
};

/// Curves over a logarithmic axis of cost.
struct PlotData {
  QString xTitle, yTitle;
  std::vector<PlotCurve> curves;
  int current = -1;  ///< id of the point that is ringed
  QString currentLabel;
};

/// 1, 2, 3, 5 and 7 times powers of ten that lie in [min, max].
std::vector<double> logTicks(double min, double max);
/// Multiples of 1, 2 or 5 times a power of ten that lie in [min, max], about `wanted` of them.
std::vector<double> roundTicks(double min, double max, int wanted);

/// Where values lie on a canvas: x logarithmic, y linear, both with some air round the points.
class PlotScale {
 public:
  PlotScale(const PlotData& data, QSizeF canvas);
  QPointF place(double x, double y) const;
  QRectF area() const { return area_; }
  double xMin() const { return xMin_; }
  double xMax() const { return xMax_; }
  double yMin() const { return yMin_; }
  double yMax() const { return yMax_; }

 private:
  QRectF area_;
  double xMin_ = 1, xMax_ = 10, yMin_ = 0, yMax_ = 1;
};

/// Paints on any canvas: the widget's, a picture's, an SVG's. `pointed`: id of the point under the pointer.
void paintPlot(QPainter& p, QSizeF canvas, const PlotData& data, const Look& look, const Theme& theme,
               int pointed = -1);

/// As .svg, or .png at twice the resolution, on the light ground of paper. Throws Error when it cannot be written.
void savePlot(const QString& file, const PlotData& data, const Look& look);

/// The plot on screen: a click picks the nearest point, up and down go from point to point, Enter picks.
class Plot : public QWidget {
  Q_OBJECT
 public:
  explicit Plot(Look& look, QWidget* parent = nullptr);
  void setData(PlotData data);
  const PlotData& data() const { return data_; }
  /// The point near a place of the widget, by its id; below 0: none.
  int pointAt(QPointF place) const;
  int pointed() const { return pointed_; }

 Q_SIGNALS:
  void picked(int id);

 protected:
  void paintEvent(QPaintEvent*) override;
  void mousePressEvent(QMouseEvent* e) override;
  void mouseMoveEvent(QMouseEvent* e) override;
  void leaveEvent(QEvent*) override;
  void keyPressEvent(QKeyEvent* e) override;
  bool event(QEvent* e) override;

 private:
  void point(int id);
  std::vector<PlotPoint> pickable() const;

  Look& look_;
  PlotData data_;
  int pointed_ = -1;
};

}  // namespace dff::ui
