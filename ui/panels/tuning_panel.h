#pragma once
#include <QLineEdit>
#include <QWidget>

#include "ui/look/controls.h"
#include "ui/window/session.h"

namespace dff::ui {

/// One bar of what a mean frame costs, by stage, against a per-frame network's.
class CostBar : public QWidget {
  Q_OBJECT
 public:
  CostBar(Look& look, QWidget* parent);
  void setReading(const CostReading& reading);

 protected:
  void paintEvent(QPaintEvent*) override;

 private:
  Look& look_;
  CostReading reading_;
};

/// Agreement with per-frame inference against the interval, as sampled so far; a click takes an interval.
class AgreementCurve : public QWidget {
  Q_OBJECT
 public:
  AgreementCurve(Look& look, QWidget* parent);
  void setPoints(std::vector<std::pair<int, double>> points, int current);

 Q_SIGNALS:
  void picked(int interval);

 protected:
  void paintEvent(QPaintEvent*) override;
  void mousePressEvent(QMouseEvent* e) override;

 private:
  QPointF place(int interval, double share) const;
  double lowest() const;

  Look& look_;
  std::vector<std::pair<int, double>> points_;
  int current_ = 10;
};

/// The key-frame interval and how features travel, and below it what that costs and what it buys.
class TuningPanel : public QWidget {
  Q_OBJECT
 public:
  TuningPanel(Look& look, Session& session, QWidget* parent = nullptr);

 private:
  struct Figure {
    QLabel *value, *what;
  };
  Figure addFigure(QWidget* parent, const QString& what, const QString& tip);
  QWidget* makeInterval();
  QWidget* makeChoices();
  QWidget* makeFigures();
  QWidget* makeCost();
  void refresh();
  void refreshPlacing();
  void refreshAgreement();
  void refreshCost(const CostReading& reading);
  QString figure(double value, const QString& unit, int digits) const;

  Look& look_;
  Session& session_;
  QLabel *placed_, *what_;
  QLineEdit* interval_;
  Slider* slider_;
  Choice *policy_, *propagation_, *flow_;
  Check* aggregate_;
  Figure fps_, speed_, agree_, keys_;
  QLabel *mean_, *predicted_, *sampled_;
  std::array<QLabel*, 4> parts_;
  CostBar* bar_;
  AgreementCurve* curve_;
};

}  // namespace dff::ui
