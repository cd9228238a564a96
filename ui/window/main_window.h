#pragma once
#include <QWidget>

#include "ui/compare/compare_session.h"
#include "ui/explore/explore_session.h"
#include "ui/look/actions.h"
#include "ui/panels/transport.h"
#include "ui/view/picture.h"
#include "ui/view/time_line.h"
#include "ui/window/docks.h"
#include "ui/window/project.h"
#include "ui/window/recovery.h"
#include "ui/window/session.h"
#include "ui/window/status_bar.h"
#include "ui/window/top_bar.h"
#include "ui/window/welcome.h"

class QStackedWidget;

namespace dff::ui {

class CompareView;
class ExploreView;
class ExportPanel;
class InspectView;

/// The window: puts the parts together and connects actions to them. What is worked on lives in the Session.
class MainWindow : public QWidget {
  Q_OBJECT
 public:
  explicit MainWindow(Look& look, QWidget* parent = nullptr);

  Session& session() { return session_; }
  Actions& actions() { return actions_; }
  CompareSession& compare() { return compare_; }
  ExploreSession& explore() { return explore_; }
  Docks& docks() { return *docks_; }
  /// A video, a folder of images or a project file.
  void open(const QString& path);
  /// Whether all that was asked for is on screen.
  bool complete() const;
  /// What the window works on now.
  Project project();
  /// Under this name, or asks for one where it is empty; false: it was not saved.
  bool saveProject(QString file);
  /// Whether the open project differs from its file.
  bool projectChanged();

 protected:
  void dragEnterEvent(QDragEnterEvent* e) override;
  void dropEvent(QDropEvent* e) override;
  void closeEvent(QCloseEvent* e) override;

 private:
  QWidget* makeBody();
  void addDocks();
  void connectFileActions();
  void connectPlayback();
  void connectView();
  void connectModel();
  void connectHelp();
  void connectProject();
  void connectLayout();
  void keepLayout();
  static QString recoveryFolder();
  void connectCompare();
  void connectExplore();
  void showWorkspace(const char* id);
  PictureTag tagOf(const Overlaid& overlaid) const;
  void saveSweep();
  void openProject(const QString& file);
  void restoreRange();
  void refreshTitle();
  const char* workspaceName() const;
  void refreshPicture();
  void refreshTimeLine();
  void zoom(double factor);
  void savePicture(bool withOverlays);
  void remember(const QString& path);
  void refreshRecent();

  Look& look_;
  Actions actions_;
  Session session_;
  CompareSession compare_{session_};
  ExploreSession explore_{session_};
  int workspace_ = 0;                 // in the order of the top bar
  std::optional<Project> restoring_;  // until its video is open
  QString projectFile_, restoringFile_;
  nlohmann::json saved_;  // the project as its file holds it
  Recovery recovery_{recoveryFolder()};
  QTimer keeping_;
  static constexpr QSize kWindowSize{1600, 1000};
  TopBar* topBar_;
  Docks* docks_;
  QStackedWidget* centre_;
  Welcome* welcome_;
  PictureView* picture_;
  InspectView* inspect_;
  CompareView* compareView_;
  ExploreView* exploreView_;
  ExportPanel* export_;
  Transport* transport_;
  TimeLine* timeLine_;
  StatusBar* status_;
};

}  // namespace dff::ui
