#pragma once
#include <QLineEdit>
#include <QWidget>

#include "ui/explore/explore_session.h"
#include "ui/look/controls.h"
#include "ui/panels/label_folder_box.h"

class QVBoxLayout;

namespace dff::ui {

/// The Explore workspace's right panel: what is swept, and the jobs.
class ExplorePanel : public QWidget {
  Q_OBJECT
 public:
  ExplorePanel(Look& look, Session& session, ExploreSession& explore, QWidget* parent = nullptr);

 private:
  void addChecks(QVBoxLayout* layout, const std::string& names, bool flows);
  void refresh();

  Look& look_;
  Session& session_;
  ExploreSession& explore_;
  QLabel *range_, *amount_;
  LabelFolderBox* labels_;
  QLineEdit* intervals_;
  std::map<std::string, Check*> flows_, propagations_;
};

}  // namespace dff::ui
