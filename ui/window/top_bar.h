#pragma once
#include <QWidget>

#include "ui/look/actions.h"
#include "ui/look/controls.h"
#include "ui/window/session.h"

class QMenu;
class QPushButton;

namespace dff::ui {

/// Menus, the file's name, the workspaces, the model and the search for actions: one row.
class TopBar : public QWidget {
  Q_OBJECT
 public:
  TopBar(Look& look, Actions& actions, Session& session, QWidget* parent = nullptr);
  /// Filled with recent files by the window when it opens.
  QMenu& recentMenu() { return *recent_; }

 private:
  QWidget* makeMenus();
  QWidget* makeWorkspaces();
  void refresh();
  void choosePrecision();

  Look& look_;
  Actions& actions_;
  Session& session_;
  QMenu* recent_ = nullptr;
  QLabel* file_;
  QPushButton *model_, *device_;
};

}  // namespace dff::ui
