// The project file: what the window works on, kept and restored.
#include <QCloseEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>

#include "ui/panels/export_panel.h"
#include "ui/window/main_window.h"

namespace dff::ui {

void MainWindow::connectProject() {
  actions_.on("save_project", this, [this] { saveProject(projectFile_); });
  actions_.on("save_project_as", this, [this] { saveProject(""); });
  connect(&session_, &Session::clipChanged, this, [this] {
    if (restoring_)
      restoreRange();
    else
      projectFile_.clear();
    refreshTitle();
  });
  connect(&session_, &Session::failed, this, [this] {
    if (restoring_ && (!session_.clip() || session_.path().toStdString() != restoring_->file)) restoring_.reset();
  });
}

Project MainWindow::project() {
  const Tuning& tuning = session_.tuning();
  Project p{
      session_.path().toStdString(), tuning.model, tuning.precision, tuning.flow, tuning.propagate, session_.policy(),
      tuning.keys.interval};
  const Player& player = session_.player();
  p.in = player.in();
  p.out = player.out();
  p.position = player.position();
  p.pins.assign(tuning.keys.pins.begin(), tuning.keys.pins.end());
  p.workspace = workspaceName();
  p.layers = session_.layers();
  p.compare = {
      {compare_.side(0), compare_.side(1)}, compare_.mode(), compare_.divider(), compare_.truth().toStdString()};
  p.sweep = explore_.kinds();
  p.aggregateKeys = tuning.aggregateKeys;
  p.exports = export_->choices();
  if (const auto probe = session_.probe()) p.probe = {probe->x(), probe->y()};
  return p;
}

void MainWindow::openProject(const QString& file) {
  try {
    restoring_ = readProject(file.toStdString());
  } catch (const std::exception& e) {
    return status_->say(e.what(), true, 0);
  }
  restoringFile_ = file;
  const Project& p = *restoring_;
  session_.setModel(QString::fromStdString(p.model));
  session_.setPrecision(QString::fromStdString(p.precision));
  session_.load(p.flow, p.propagate, p.interval, p.policy);
  session_.setLayers(p.layers);
  session_.open(QString::fromStdString(p.file));
}

/// What can only be told once the video is open.
void MainWindow::restoreRange() {
  const Project p = *std::exchange(restoring_, std::nullopt);
  if (session_.path().toStdString() != p.file) return projectFile_.clear();
  // What a crash left behind has no name of its own.
  projectFile_ = restoringFile_ == recovery_.leftBehind() ? QString() : restoringFile_;
  Player& player = session_.player();
  player.setRange(p.in, p.out < 0 ? player.out() : p.out);
  session_.setPins({p.pins.begin(), p.pins.end()});
  player.seek(p.position);
  compare_.restore(p.compare.sides, QString::fromStdString(p.compare.truth), p.compare.mode, p.compare.divider);
  explore_.restore(p.sweep);
  session_.setAggregateKeys(p.aggregateKeys);
  export_->setChoices(p.exports);
  if (!p.probe.empty()) session_.setProbe(QPointF(p.probe[0], p.probe[1]));
  showWorkspace(p.workspace.c_str());
  if (projectFile_.isEmpty()) return;
  saved_ = toJson(project(), projectFile_.toStdString());
  remember(projectFile_);
}

bool MainWindow::saveProject(QString file) {
  if (!session_.clip()) return status_->say(tr("open a video first; a project is about one"), false, 6), false;
  if (file.isEmpty()) {
    const QString name = QFileInfo(session_.path()).completeBaseName() + ".dffproj";
    file = QFileDialog::getSaveFileName(this, tr("Save the project"), name, tr("DFF project (*.dffproj)"));
    if (file.isEmpty()) return false;
    if (QFileInfo(file).suffix().isEmpty()) file += ".dffproj";
  }
  try {
    writeProject(file.toStdString(), project());
  } catch (const std::exception& e) {
    return status_->say(e.what(), true, 0), false;
  }
  projectFile_ = file;
  saved_ = toJson(project(), file.toStdString());
  remember(file);
  refreshTitle();
  status_->say(tr("saved %1").arg(QFileInfo(file).fileName()), false, 6);
  return true;
}

void MainWindow::refreshTitle() {
  const QString name = QFileInfo(projectFile_.isEmpty() ? session_.path() : projectFile_).fileName();
  setWindowTitle(name.isEmpty() ? tr("DFF Studio") : tr("%1 - DFF Studio").arg(name));
}

/// Where the playhead stands is no change that is worth a question.
bool MainWindow::projectChanged() {
  if (projectFile_.isEmpty()) return false;
  nlohmann::json now = toJson(project(), projectFile_.toStdString()), before = saved_;
  for (const char* passing : {"position", "workspace", "probe"}) {
    now.erase(passing);
    before.erase(passing);
  }
  return now != before;
}

void MainWindow::closeEvent(QCloseEvent* e) {
  if (!projectChanged()) {
    keepLayout();
    return e->accept();
  }
  const auto answer = QMessageBox::question(this, tr("DFF Studio"),
                                            tr("Save the changes of %1?").arg(QFileInfo(projectFile_).fileName()),
                                            QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
  const bool stays = answer == QMessageBox::Cancel || (answer == QMessageBox::Save && !saveProject(projectFile_));
  if (!stays) keepLayout();
  e->setAccepted(!stays);
}

}  // namespace dff::ui
