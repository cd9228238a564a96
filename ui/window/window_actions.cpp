// What the window's actions do; the window itself is put together in main_window.cpp.
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QSettings>
#include <QStackedWidget>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/model/find_model.h"
#include "ui/panels/export_panel.h"
#include "ui/panels/probe_panel.h"
#include "ui/view/compare_view.h"
#include "ui/view/inspect_view.h"
#include "ui/window/action_sheet.h"
#include "ui/window/help.h"
#include "ui/window/main_window.h"

namespace dff::ui {
namespace {
constexpr double kZoomStep = 1.25, kOpacityStep = 0.08;
}

void MainWindow::connectFileActions() {
  actions_.on("open", this, [this] {
    const QString folder = session_.clip() ? QFileInfo(session_.path()).path() : QString();
    const QString file = QFileDialog::getOpenFileName(this, tr("Open a video or a project"), folder);
    if (!file.isEmpty()) open(file);
  });
  actions_.on("sample", this, [this] {
    try {
      open(QString::fromStdString(findShipped("resources/sample.mp4").string()));
    } catch (const std::exception& e) {
      status_->say(e.what(), true, 0);
    }
  });
  actions_.on("snapshot", this, [this] { savePicture(true); });
  actions_.on("snapshot_plain", this, [this] { savePicture(false); });
  actions_.on("export", this, [this] { docks_->showAlone("export", !docks_->showsAlone()); });
  actions_.on("start_export", this, [this] {
    if (!session_.clip()) return status_->say(tr("open a video first; an export is of one"), false, 6);
    docks_->showAlone("export", true);
    export_->start();
  });
  connect(export_, &ExportPanel::closed, this, [this] { docks_->showAlone("export", false); });
  actions_.on("quit", this, [this] { close(); });
  connect(welcome_, &Welcome::chosen, this, &MainWindow::open);
}

void MainWindow::savePicture(bool withOverlays) {
  const FramePtr frame = session_.frame();
  if (!frame) return;
  const cv::Mat rgb = withOverlays ? session_.picture() : frame->rgb;
  const QString name =
      QString("%1_%2.png").arg(QFileInfo(session_.path()).completeBaseName()).arg(frame->index, 5, 10, QChar('0'));
  const QString file = QFileDialog::getSaveFileName(this, tr("Save the picture"), name, tr("PNG (*.png)"));
  if (file.isEmpty()) return;
  QImage image(rgb.data, rgb.cols, rgb.rows, qsizetype(rgb.step), QImage::Format_RGB888);
  if (withOverlays && compareView_->isVisible()) image = compareView_->grab().toImage();
  const bool saved = image.save(file, "PNG");
  status_->say(saved ? tr("saved %1").arg(QFileInfo(file).fileName()) : tr("%1 cannot be written").arg(file), !saved,
               6);
}

void MainWindow::connectPlayback() {
  Player& p = session_.player();
  actions_.on("play", this, [&p] { p.toggle(); });
  actions_.on("pause", this, [&p] { p.pause(); });
  actions_.on("shuttle_back", this, [&p] { p.shuttle(-1); });
  actions_.on("shuttle_forward", this, [&p] { p.shuttle(1); });
  const auto second = [&p] { return p.clip() ? std::max<int64_t>(1, std::llround(p.clip()->info.fps)) : 1; };
  actions_.on("back", this, [&p] { p.step(-1); });
  actions_.on("forward", this, [&p] { p.step(1); });
  actions_.on("back_ten", this, [&p] { p.step(-10); });
  actions_.on("forward_ten", this, [&p] { p.step(10); });
  actions_.on("back_second", this, [&p, second] { p.step(-second()); });
  actions_.on("forward_second", this, [&p, second] { p.step(second()); });
  actions_.on("previous_key", this, [this] { session_.goToKey(-1); });
  actions_.on("next_key", this, [this] { session_.goToKey(1); });
  actions_.on("range_start", this, [&p] { p.seek(p.in()); });
  actions_.on("range_end", this, [&p] { p.seek(p.out()); });
  actions_.on("go_to", this, [this] { transport_->askPlace(); });
  actions_.on("set_in", this, [&p] { p.setIn(); });
  actions_.on("set_out", this, [&p] { p.setOut(); });
  actions_.on("clear_range", this, [&p] { p.clearRange(); });
  actions_.on("loop", this, [&p, this] { p.setLoop(actions_["loop"].isChecked()); });
  connect(&actions_["mute"], &QAction::toggled, &session_, &Session::setMuted);
  connect(timeLine_, &TimeLine::sought, this, [&p](int64_t frame) { p.seek(frame); });
  connect(&p, &Player::frameShown, this, [&p, this] { timeLine_->setPosition(p.position()); });
  connect(&p, &Player::changed, this, [this] {
    timeLine_->setPosition(session_.player().position());
    refreshTimeLine();
  });
}

void MainWindow::zoom(double factor) {
  if (!session_.clip()) return;
  const QSizeF frame(session_.clip()->info.width, session_.clip()->info.height);
  const QSizeF pane = picture_->size();
  picture_->setFraming(
      zoomedAt(picture_->framing(), factor, QPointF(pane.width() / 2, pane.height() / 2), frame, pane));
  inspect_->setFraming(picture_->framing());
  compareView_->setFraming(picture_->framing());
  refreshPicture();
}

void MainWindow::connectView() {
  for (const char* id : {"watch", "inspect", "compare", "explore"})
    actions_.on(id, this, [this, id] { showWorkspace(id); });
  actions_["overlays"].setChecked(true);
  actions_.on("overlays", this, [this] { session_.setOverlays(actions_["overlays"].isChecked()); });
  for (const auto& [id, step] : {std::pair("opacity_down", -kOpacityStep), std::pair("opacity_up", kOpacityStep)})
    actions_.on(id, this, [this, step = step] {
      OverlayOptions layers = session_.layers();
      layers.opacity = std::clamp(layers.opacity + step, 0.0, 1.0);
      session_.setLayers(layers);
    });
  actions_.on("fit", this, [this] { zoom(0); });
  actions_.on("actual", this, [this] { zoom(1 / picture_->scale()); });
  actions_.on("zoom_in", this, [this] { zoom(kZoomStep); });
  actions_.on("zoom_out", this, [this] { zoom(1 / kZoomStep); });
  connect(picture_, &PictureView::framed, this, [this](const Framing& framing) {
    inspect_->setFraming(framing);
    compareView_->setFraming(framing);
    refreshPicture();
  });
  connect(picture_, &PictureView::pointed, &session_, &Session::setProbe);
  connect(inspect_, &InspectView::framed, picture_, &PictureView::setFraming);
  actions_["light"].setChecked(!look_.theme().dark);
  actions_.on("light", this, [this] {
    look_.setDark(!actions_["light"].isChecked());
    QSettings().setValue("light", actions_["light"].isChecked());
    refreshPicture();
  });
  actions_["time_line"].setChecked(true);
  connect(&actions_["time_line"], &QAction::toggled, timeLine_, &QWidget::setVisible);
  actions_.on("full_screen", this, [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
}

void MainWindow::connectModel() {
  actions_.on("interval_down", this, [this] { session_.setInterval(session_.tuning().keys.interval - 1); });
  actions_.on("interval_up", this, [this] { session_.setInterval(session_.tuning().keys.interval + 1); });
  actions_.on("next_policy", this, [this] { session_.nextPolicy(); });
  actions_.on("next_way", this, [this] { session_.nextPropagation(); });
  actions_.on("pin", this, [this] { session_.togglePin(); });
  actions_.on("load_model", this, [this] {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder of a model"));
    if (!folder.isEmpty()) session_.setModel(folder);
  });
  actions_.on("clear_probe", this, [this] { session_.setProbe(std::nullopt); });
  actions_.on("copy_probe", this, [this] {
    const auto reading = readProbe(session_);
    if (!reading) return status_->say(tr("there is no probe; Shift and click a place in the picture"), false, 6);
    QGuiApplication::clipboard()->setText(QString::fromStdString(toJson(*reading).dump(2)));
    status_->say(tr("probe copied"), false, 4);
  });
}

void MainWindow::connectHelp() {
  actions_.on("palette", this, [this] { searchActions(actions_, *this); });
  actions_.on("keys", this, [this] { showKeys(look_, *this); });
  actions_.on("guide", this, [this] { showGuide(*this); });
  actions_.on("diagnostics", this, [this] {
    QGuiApplication::clipboard()->setText(diagnostics(session_));
    status_->say(tr("diagnostics copied"), false, 4);
  });
  actions_.on("about", this, [this] { showAbout(*this); });
}

}  // namespace dff::ui
