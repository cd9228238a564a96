// What the window's actions do in the Compare and Explore workspaces.
#include <QActionGroup>
#include <QFileDialog>
#include <QFileInfo>

#include "ui/view/compare_view.h"
#include "ui/view/explore_view.h"
#include "ui/view/inspect_view.h"
#include "ui/window/main_window.h"

namespace dff::ui {
namespace {
constexpr double kDividerStep = 0.02;
}

void MainWindow::connectCompare() {
  auto* modes = new QActionGroup(this);
  const std::pair<const char*, CompareMode> rows[] = {
      {"wipe", CompareMode::Wipe}, {"split", CompareMode::Split}, {"difference", CompareMode::Difference}};
  for (const auto& [id, mode] : rows) {
    modes->addAction(&actions_[id]);
    actions_.on(id, this, [this, mode = mode] {
      compare_.setMode(mode);
      showWorkspace("compare");
    });
  }
  actions_["wipe"].setChecked(true);
  actions_.on("wipe_left", this, [this] { compare_.setDivider(compare_.divider() - kDividerStep); });
  actions_.on("wipe_right", this, [this] { compare_.setDivider(compare_.divider() + kDividerStep); });
  actions_.on("swap_sides", this, [this] { compare_.swapSides(); });
  connect(&compare_, &CompareSession::failed, this, [this](const QString& s) { status_->say(s, true, 0); });
  connect(compareView_, &CompareView::framed, this, [this](const Framing& framing) {
    picture_->setFraming(framing);
    inspect_->setFraming(framing);
  });
}

void MainWindow::connectExplore() {
  actions_.on("sweep", this, [this] {
    if (!session_.clip()) return status_->say(tr("open a video first; a sweep measures on it"), false, 6);
    showWorkspace("explore");
    explore_.running() ? explore_.cancel() : explore_.start();
  });
  actions_.on("save_sweep", this, [this] { saveSweep(); });
  connect(&explore_, &ExploreSession::failed, this, [this](const QString& s) { status_->say(s, true, 0); });
}

void MainWindow::saveSweep() {
  if (explore_.report().points.empty())
    return status_->say(tr("there is no sweep to save; run one in Explore"), false, 6);
  const QString name = QFileInfo(session_.path()).completeBaseName() + "_sweep.csv";
  QString chosen;
  const QString filters = tr("CSV (*.csv);;Picture (*.png);;Drawing (*.svg)");
  QString file = QFileDialog::getSaveFileName(this, tr("Save the sweep"), name, filters, &chosen);
  if (file.isEmpty()) return;
  if (QFileInfo(file).suffix().isEmpty()) file += chosen.section("*", 1).chopped(1);
  try {
    exploreView_->save(file);
    status_->say(tr("saved %1").arg(QFileInfo(file).fileName()), false, 6);
  } catch (const std::exception& e) {
    status_->say(e.what(), true, 0);
  }
}

}  // namespace dff::ui
