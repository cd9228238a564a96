#pragma once
#include <QWidget>

#include "ui/look/actions.h"
#include "ui/panels/transport.h"
#include "ui/view/picture.h"
#include "ui/view/time_line.h"
#include "ui/window/session.h"
#include "ui/window/status_bar.h"
#include "ui/window/top_bar.h"
#include "ui/window/welcome.h"

class QScrollArea;
class QStackedWidget;

namespace dff::ui {

class ExportPanel;
class InspectView;

/// The window: puts the parts together and connects actions to them. What is worked on lives in the Session.
class MainWindow : public QWidget {
  Q_OBJECT
 public:
  explicit MainWindow(Look& look, QWidget* parent = nullptr);

  Session& session() { return session_; }
  Actions& actions() { return actions_; }
  void open(const QString& path);
  /// Whether all that was asked for is on screen.
  bool complete() const { return session_.complete(); }

 protected:
  void dragEnterEvent(QDragEnterEvent* e) override;
  void dropEvent(QDropEvent* e) override;

 private:
  QWidget* makeBody();
  QWidget* makeWatch();
  QWidget* sidePanel(QWidget* content, int width);
  void connectFileActions();
  void connectPlayback();
  void connectView();
  void connectModel();
  void connectHelp();
  void showWorkspace(const char* id);
  void showExport(bool on);
  PictureTag tagOf(const Overlaid& overlaid) const;
  void refreshPicture();
  void refreshTimeLine();
  void zoom(double factor);
  void savePicture(bool withOverlays);
  void remember(const QString& path);
  void refreshRecent();

  Look& look_;
  Actions actions_;
  Session session_;
  TopBar* topBar_;
  QStackedWidget *centre_, *left_, *right_;
  Welcome* welcome_;
  PictureView* picture_;
  InspectView* inspect_;
  ExportPanel* export_;
  QWidget *leftPanel_, *rightPanel_;
  Transport* transport_;
  TimeLine* timeLine_;
  StatusBar* status_;
};

}  // namespace dff::ui
