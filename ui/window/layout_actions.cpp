// What a window finds again when it is opened the next time: its place, its panels, and what a crash left behind.
#include <QSettings>
#include <QStandardPaths>

#include "ui/window/main_window.h"

namespace dff::ui {
namespace {
constexpr const char* kPanels[] = {"left_panel", "right_panel", "time_line"};
constexpr int kKeepEveryMs = 3000;
}  // namespace

void MainWindow::connectLayout() {
  QSettings settings;
  restoreGeometry(settings.value("layout/geometry").toByteArray());
  for (const char* id : kPanels) {
    const QString key = QString("layout/") + id;
    actions_[id].setChecked(settings.value(key, true).toBool());
    connect(&actions_[id], &QAction::toggled, this, [key](bool on) { QSettings().setValue(key, on); });
  }
  actions_.on("reset_layout", this, [this] {
    for (const char* id : kPanels) actions_[id].setChecked(true);
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
  recovery_.clear();
}

}  // namespace dff::ui
