#pragma once
#include <QLineEdit>
#include <QWidget>

#include "ui/explore/explore_session.h"
#include "ui/look/controls.h"

class QPushButton;
class QVBoxLayout;

namespace dff::ui {

/// The Explore workspace's right panel: what is swept, and the jobs.
class ExplorePanel : public QWidget {
  Q_OBJECT
 public:
  ExplorePanel(Look& look, Session& session, ExploreSession& explore, QWidget* parent = nullptr);

 private:
  void addChecks(QVBoxLayout* layout, const std::string& names, bool flows);
  QWidget* makeLabels();
  void refresh();

  Look& look_;
  Session& session_;
  ExploreSession& explore_;
  QLabel *range_, *labels_, *amount_;
  QLineEdit* intervals_;
  QPushButton *choose_, *clear_;
  std::map<std::string, Check*> flows_, propagations_;
};

}  // namespace dff::ui
