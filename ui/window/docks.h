#pragma once
#include <QDockWidget>
#include <QMainWindow>
#include <map>

#include "ui/look/actions.h"
#include "ui/look/controls.h"

namespace dff::ui {

/// Where a side panel stands until a person moves it.
struct DockPlace {
  const char* action;  ///< shows and hides it
  Qt::DockWidgetArea area;
  int width;
  std::vector<const char*> workspaces;  ///< in which it is shown at first
};

/// The side panels round what is worked on. They can be moved, closed, floated and laid over each other as tabs; every
/// workspace keeps an arrangement of its own, in the settings too.
class Docks : public QMainWindow {
  Q_OBJECT
 public:
  Docks(Look& look, Actions& actions, QWidget* parent = nullptr);
  ~Docks() override;

  /// Panels of one side stand below each other in the order in which they were added.
  void add(const DockPlace& place, QWidget* content);
  QDockWidget& dock(const QString& action) { return *docks_.at(action.toStdString()).dock; }

  /// Puts away the arrangement of the workspace before and brings that of this one.
  void showWorkspace(const QString& name);
  /// Shows that panel in the place of all others at its side, or brings them back.
  void showAlone(const QString& action, bool on);
  bool showsAlone() const { return !alone_.isEmpty(); }

  /// Every workspace as it was at first.
  void reset();
  void save();

 private:
  struct Entry {
    DockPlace place;
    QDockWidget* dock;
  };
  void arrangeAtFirst();
  void putAway();
  static QString keyOf(const QString& workspace) { return "layout/docks/" + workspace; }

  Look& look_;
  Actions& actions_;
  std::map<std::string, Entry> docks_;
  std::vector<std::string> order_;
  QString workspace_, alone_;
  QByteArray beforeAlone_;
};

}  // namespace dff::ui
