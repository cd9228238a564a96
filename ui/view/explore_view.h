#pragma once
#include <QWidget>

#include "ui/explore/explore_session.h"
#include "ui/look/actions.h"
#include "ui/look/controls.h"
#include "ui/view/plot.h"

class QPushButton;
class QScrollArea;
class QStackedWidget;

namespace dff::ui {

/// A report as curves: one a way, all beginning at per-frame inference; and what the cost model predicts for the way
/// of the studio's setting.
PlotData plotOf(const ExploreSession& explore);

/// The points as rows; a click, or Enter on the marked one, takes its setting.
class SweepTable : public QWidget {
  Q_OBJECT
 public:
  SweepTable(Look& look, ExploreSession& explore, QWidget* parent = nullptr);
  int marked() const { return marked_; }

 Q_SIGNALS:
  void rowMarked(QRect row);

 protected:
  void paintEvent(QPaintEvent*) override;
  void mousePressEvent(QMouseEvent* e) override;
  void keyPressEvent(QKeyEvent* e) override;

 private:
  void refresh();
  QRect rowRect(int row) const;
  std::vector<int> columns() const;

  Look& look_;
  ExploreSession& explore_;
  int marked_ = -1;
};

/// Accuracy against cost: a heading with what may be done, the plot, and the same as a table.
class ExploreView : public QWidget {
  Q_OBJECT
 public:
  ExploreView(Look& look, Actions& actions, Session& session, ExploreSession& explore, QWidget* parent = nullptr);
  Plot& plot() { return *plot_; }
  SweepTable& table() { return *table_; }
  /// Writes .csv, .png or .svg; throws Error when that fails.
  void save(const QString& file) const;

 private:
  QWidget* makeTop(Actions& actions);
  QWidget* makeEmpty(Actions& actions);
  void refresh();

  Look& look_;
  Session& session_;
  ExploreSession& explore_;
  QLabel *title_, *remark_, *hint_;
  Choice* measure_;
  QPushButton *run_, *save_;
  QStackedWidget* pages_;
  Plot* plot_;
  SweepTable* table_;
  QScrollArea* rows_;
};

}  // namespace dff::ui
