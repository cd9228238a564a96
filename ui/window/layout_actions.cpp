// What a window finds again when it is opened the next time: its place, its panels, and what a crash left behind.
#include <QSettings>
#include <QStandardPaths>

#include "ui/window/main_window.h"

namespace dff::ui {
namespace {
constexpr const char* kTimeLine = "layout/time_line";
constexpr int kKeepEveryMs = 3000;
}  // namespace

void MainWindow::connectLayout() {
  QSettings settings;
  restoreGeometry(settings.value("layout/geometry").toByteArray());
  actions_["time_line"].setChecked(settings.value(kTimeLine, true).toBool());
  connect(&actions_["time_line"], &QAction::toggled, this, [](bool on) { QSettings().setValue(kTimeLine, on); });
  actions_.on("reset_layout", this, [this] {
    actions_["time_line"].setChecked(true);
    docks_->reset();
    setWindowState(windowState() & ~(Qt::WindowFullScreen | Qt::WindowMaximized));
    resize(kWindowSize);
    showWorkspace(workspaceName());
  });
  keeping_.setInterval(kKeepEveryMs);
  connect(&keeping_, &QTimer::timeout, this, [this] { recovery_.keep(project()); });
  keeping_.start();
  actions_["restore_session"].setEnabled(!recovery_.leftBehind().isEmpty());
  actions_.on("restore_session", this, [this] { openProject(recovery_.leftBehind()); });
  if (!recovery_.leftBehind().isEmpty())
    status_->say(tr("The last session ended unexpectedly; File, Restore last session brings it back"), false, 0);
}

QString MainWindow::recoveryFolder() {
  return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + "/recovery";
}

void MainWindow::keepLayout() {
  QSettings().setValue("layout/geometry", saveGeometry());
  docks_->save();
  recovery_.clear();
}

}  // namespace dff::ui
