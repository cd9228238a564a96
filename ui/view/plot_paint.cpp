#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/view/plot.h"

namespace dff::ui {
namespace {

constexpr double kLeft = 64, kRight = 32, kTop = 34, kBottom = 52;  // margins round the area
constexpr double kNameHeight = 16, kNameGap = 12, kLabelWidth = 28;

/// Text with its middle at a height, from `x` on or up to it.
void writeAt(QPainter& p, QPointF at, const QString& text, bool leftwards) {
  const double width = p.fontMetrics().horizontalAdvance(text) + 1;
  const QRectF box(leftwards ? at.x() - width : at.x(), at.y() - kNameHeight / 2, width, kNameHeight);
  p.drawText(box, Qt::AlignVCenter | (leftwards ? Qt::AlignRight : Qt::AlignLeft), text);
}

class Painting {
 public:
  Painting(QPainter& p, QSizeF canvas, const PlotData& data, const Look& look, const Theme& theme, int pointed)
      : p_(p), data_(data), look_(look), t_(theme), pointed_(pointed), scale_(data, canvas) {}

  void run() {
    p_.setRenderHint(QPainter::Antialiasing);
    axes();
    for (const PlotCurve& curve : data_.curves) line(curve);
    for (const PlotCurve& curve : data_.curves) marks(curve);
    names();
    claimCurrent();
    for (const PlotCurve& curve : data_.curves) labels(curve);
    current();
  }

 private:
  bool holds(const PlotCurve& curve, int id) const {
    return id >= 0 && std::any_of(curve.points.begin(), curve.points.end(), [&](const auto& q) { return q.id == id; });
  }

  void axes() {
    const QRectF area = scale_.area();
    p_.setFont(look_.figures(11));
    const auto yTicks = roundTicks(scale_.yMin(), scale_.yMax(), std::clamp(int(area.height() / 44), 2, 9));
    const double step = yTicks.size() > 1 ? yTicks[1] - yTicks[0] : 1;
    for (const double y : yTicks) {
      const double at = scale_.place(scale_.xMin(), y).y();
      p_.setPen(QPen(t_.line, 1));
      p_.drawLine(QPointF(area.left(), at), QPointF(area.right(), at));
      p_.setPen(t_.dim);
      writeAt(p_, {area.left() - 10, at}, QString::number(y, 'f', step < 0.1 ? 2 : step < 1 ? 1 : 0), true);
    }
    double last = -1e9;
    for (const double x : logTicks(scale_.xMin(), scale_.xMax())) {
      const double at = scale_.place(x, scale_.yMin()).x();
      p_.setPen(QPen(t_.line, 1));
      p_.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()));
      if (at - last < 34) continue;
      last = at;
      p_.setPen(t_.dim);
      p_.drawText(QRectF(at - 30, area.bottom() + 6, 60, 16), Qt::AlignHCenter, QString::number(x));
    }
    p_.setFont(look_.words(12));
    p_.setPen(t_.dim);
    p_.drawText(QRectF(area.left(), area.bottom() + 26, area.width(), 18), Qt::AlignHCenter, data_.xTitle);
    p_.drawText(QRectF(12, 6, area.width(), 18), Qt::AlignLeft | Qt::AlignVCenter, data_.yTitle);
  }

  void line(const PlotCurve& curve) {
    QPolygonF path;
    for (const PlotPoint& q : curve.points) path << scale_.place(q.x, q.y);
    const bool strong = holds(curve, data_.current) || holds(curve, pointed_);
    p_.setPen(QPen(t_.*curve.color,
                   curve.dashed ? 1
                   : strong     ? 2.2
                                : 1.6,
                   curve.dashed ? Qt::DashLine : Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    p_.setBrush(Qt::NoBrush);
    p_.drawPolyline(path);
  }

  void marks(const PlotCurve& curve) {
    if (curve.mark == PlotMark::None) return;
    const QColor color = t_.*curve.color;
    p_.setPen(QPen(color, 1.8));
    p_.setBrush(curve.mark == PlotMark::Dot ? color : t_.bg);
    for (const PlotPoint& q : curve.points) {
      const QPointF at = scale_.place(q.x, q.y);
      const double r = q.id >= 0 && q.id == pointed_ ? 5.5 : 3.6;
      curve.mark == PlotMark::Square ? p_.drawRect(QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r))
                                     : p_.drawEllipse(at, r, r);
    }
  }

  /// Each curve's name at its cheap end, pushed apart where they would lie on each other.
  void names() {
    struct Name {
      const PlotCurve* curve;
      QPointF at;
    };
    std::vector<Name> names;
    for (const PlotCurve& curve : data_.curves)
      if (!curve.points.empty() && !curve.name.isEmpty()) {
        const auto cheapest = std::min_element(curve.points.begin(), curve.points.end(),
                                               [](const auto& a, const auto& b) { return a.x < b.x; });
        names.push_back({&curve, scale_.place(cheapest->x, cheapest->y)});
      }
    std::sort(names.begin(), names.end(), [](const Name& a, const Name& b) { return a.at.y() < b.at.y(); });
    double lowest = -1e9;
    p_.setFont(look_.words(12, QFont::DemiBold));
    for (Name& name : names) {
      lowest = std::max(name.at.y(), lowest + kNameHeight);
      p_.setPen(t_.*name.curve->color);
      const double width = p_.fontMetrics().horizontalAdvance(name.curve->name) + kNameGap;
      const bool fits = name.at.x() - width > scale_.area().left() - kNameGap;
      writeAt(p_, {name.at.x() + (fits ? -kNameGap : kNameGap), lowest + (fits ? 0 : kNameHeight)}, name.curve->name,
              fits);
    }
  }

  /// Whether a label there lies on no other one; the ringed point's comes first.
  bool claim(QPointF at) {
    const auto near = [&](QPointF other) {
      return std::abs(other.x() - at.x()) < kLabelWidth && std::abs(other.y() - at.y()) < kNameHeight;
    };
    if (std::any_of(labelled_.begin(), labelled_.end(), near)) return false;
    labelled_.push_back(at);
    return true;
  }

  void claimCurrent() {
    for (const PlotCurve& curve : data_.curves)
      for (const PlotPoint& q : curve.points)
        if (q.id >= 0 && q.id == data_.current) labelled_.push_back(scale_.place(q.x, q.y));
  }

  void labels(const PlotCurve& curve) {
    const bool chosen = holds(curve, data_.current) || holds(curve, pointed_);
    p_.setFont(look_.figures(11));
    for (const PlotPoint& q : curve.points) {
      if (q.label.isEmpty() || q.id == data_.current || !(chosen || curve.points.size() == 1)) continue;
      const QPointF at = scale_.place(q.x, q.y);
      if (!claim(at)) continue;
      p_.setPen(t_.text);
      p_.drawText(QRectF(at.x() - 40, at.y() - 24, 80, 16), Qt::AlignHCenter, q.label);
    }
  }

  void current() {
    for (const PlotCurve& curve : data_.curves)
      for (const PlotPoint& q : curve.points) {
        if (q.id < 0 || q.id != data_.current) continue;
        const QPointF at = scale_.place(q.x, q.y);
        p_.setPen(QPen(t_.key, 2.2));
        p_.setBrush(Qt::NoBrush);
        p_.drawEllipse(at, 8.5, 8.5);
        p_.setFont(look_.words(12, QFont::DemiBold));
        p_.setPen(t_.key);
        p_.drawText(QRectF(at.x() - 80, at.y() - 30, 160, 16), Qt::AlignHCenter, data_.currentLabel);
        return;
      }
  }

  QPainter& p_;
  const PlotData& data_;
  const Look& look_;
  const Theme& t_;
  int pointed_;
  PlotScale scale_;
  std::vector<QPointF> labelled_;
};

}  // namespace

std::vector<double> logTicks(double min, double max) {
  std::vector<double> ticks;
  for (double decade = std::pow(10, std::floor(std::log10(min))); decade <= max; decade *= 10)
    for (const double step : {1, 2, 3, 5, 7})
      if (step * decade >= min && step * decade <= max) ticks.push_back(step * decade);
  return ticks;
}

std::vector<double> roundTicks(double min, double max, int wanted) {
  const double rough = (max - min) / std::max(1, wanted), decade = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * decade;
  for (const double factor : {5, 2, 1})
    if (factor * decade >= rough * 0.999) step = factor * decade;
  std::vector<double> ticks;
  for (double n = std::ceil(min / step - 1e-9); n * step <= max + 1e-9 * step; ++n) ticks.push_back(n * step);
  return ticks;
}

PlotScale::PlotScale(const PlotData& data, QSizeF canvas)
    : area_(kLeft, kTop, std::max(1.0, canvas.width() - kLeft - kRight),
            std::max(1.0, canvas.height() - kTop - kBottom)) {
  double left = 1e300, right = 0, low = 1e300, high = -1e300;
  for (const PlotCurve& curve : data.curves)
    for (const PlotPoint& q : curve.points) {
      left = std::min(left, q.x), right = std::max(right, q.x);
      low = std::min(low, q.y), high = std::max(high, q.y);
    }
  if (right <= 0 || left <= 0) return;
  xMin_ = left / 1.35, xMax_ = right * 1.2;
  const double air = std::max(0.06 * (high - low), 0.02 * std::max(1.0, std::abs(high)) * (high == low));
  yMin_ = low - air, yMax_ = high + air;
}

QPointF PlotScale::place(double x, double y) const {
  return {area_.left() + area_.width() * std::log(x / xMin_) / std::log(xMax_ / xMin_),
          area_.bottom() - area_.height() * (y - yMin_) / (yMax_ - yMin_)};
}

void paintPlot(QPainter& p, QSizeF canvas, const PlotData& data, const Look& look, const Theme& theme, int pointed) {
  Painting(p, canvas, data, look, theme, pointed).run();
}

}  // namespace dff::ui
