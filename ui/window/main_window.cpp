#include "ui/window/main_window.h"

#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMenu>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/look/words.h"
#include "ui/panels/compare_panel.h"
#include "ui/panels/explore_panel.h"
#include "ui/panels/export_panel.h"
#include "ui/panels/layers_panel.h"
#include "ui/panels/probe_panel.h"
#include "ui/panels/tuning_panel.h"
#include "ui/view/compare_view.h"
#include "ui/view/explore_view.h"
#include "ui/view/inspect_view.h"

namespace dff::ui {
namespace {

constexpr int kLeftWidth = 232, kRightWidth = 296;
constexpr int kRecentFiles = 8;
constexpr const char* kWorkspaces[] = {"watch", "inspect", "compare", "explore"};
enum Workspace { Watch, Inspect, Compare, Explore };

}  // namespace

MainWindow::MainWindow(Look& look, QWidget* parent) : QWidget(parent), look_(look), actions_(look, *this) {
  setObjectName("body");
  setAttribute(Qt::WA_StyledBackground);
  setWindowTitle(tr("DFF Studio"));
  setAcceptDrops(true);
  resize(kWindowSize);
  auto* layout = column(this);
  layout->addWidget(topBar_ = new TopBar(look_, actions_, session_, this));
  layout->addWidget(makeBody(), 1);
  layout->addWidget(transport_ = new Transport(look_, actions_, session_, this));
  layout->addWidget(timeLine_ = new TimeLine(look_, this));
  layout->addWidget(status_ = new StatusBar(look_, session_, this));
  connectFileActions();
  connectProject();
  connectPlayback();
  connectView();
  connectModel();
  connectHelp();
  connectCompare();
  connectExplore();
  connectLayout();
  connect(&session_, &Session::failed, this, [this](const QString& s) { status_->say(s, true, 0); });
  connect(&session_, &Session::clipChanged, this, [this] {
    status_->say("", false, 0);
    picture_->setAspect(session_.clip() ? QSizeF(session_.clip()->info.width, session_.clip()->info.height) : QSizeF());
    picture_->setFraming({});
    if (session_.clip()) remember(session_.path());
    showWorkspace(kWorkspaces[workspace_]);
  });
  for (auto signal : {&Session::frameChanged, &Session::probeChanged, &Session::layersChanged})
    connect(&session_, signal, this, &MainWindow::refreshPicture);
  for (auto signal : {&Session::clipChanged, &Session::tuningChanged, &Session::readingsChanged})
    connect(&session_, signal, this, &MainWindow::refreshTimeLine);
  refreshRecent();
  showWorkspace("watch");
}

QWidget* MainWindow::makeBody() {
  docks_ = new Docks(look_, actions_, this);
  centre_ = new QStackedWidget(docks_);
  centre_->setFocusPolicy(Qt::ClickFocus);
  centre_->addWidget(welcome_ = new Welcome(actions_, centre_));
  centre_->addWidget(picture_ = new PictureView(look_, centre_));
  centre_->addWidget(inspect_ = new InspectView(look_, session_, centre_));
  centre_->addWidget(compareView_ = new CompareView(look_, session_, compare_, centre_));
  centre_->addWidget(exploreView_ = new ExploreView(look_, actions_, session_, explore_, centre_));
  docks_->setCentralWidget(centre_);
  addDocks();
  return docks_;
}

void MainWindow::addDocks() {
  const auto left = Qt::LeftDockWidgetArea, right = Qt::RightDockWidgetArea;
  docks_->add({"layers_panel", left, kLeftWidth, {"watch", "compare"}}, new LayersPanel(look_, session_));
  docks_->add({"channels_panel", left, kLeftWidth, {"inspect"}}, inspect_->makeGallery());
  docks_->add({"tuning_panel", right, kRightWidth, {"watch", "inspect"}}, new TuningPanel(look_, session_));
  docks_->add({"probe_panel", right, kRightWidth, {"watch", "inspect"}}, new ProbePanel(look_, session_));
  docks_->add({"sides_panel", right, kRightWidth, {"compare"}}, new ComparePanel(look_, actions_, session_, compare_));
  docks_->add({"sweep_panel", right, kRightWidth, {"explore"}}, new ExplorePanel(look_, session_, explore_));
  docks_->add({"export", right, kRightWidth, {}}, export_ = new ExportPanel(look_, session_));
}

void MainWindow::open(const QString& path) {
  if (QFileInfo(path).suffix() == "dffproj") return openProject(path);
  restoring_.reset();
  session_.open(path);
}

bool MainWindow::complete() const {
  if (workspace_ == Explore) return session_.clip() && !explore_.running();  // the networks rest there
  if (workspaceName() != std::string_view("compare")) return session_.complete();
  const auto compared = compare_.comparison();
  const FramePtr shown = session_.frame();
  return compared && shown && !compare_.stale() && compared->frame->index == shown->index;
}

const char* MainWindow::workspaceName() const { return kWorkspaces[workspace_]; }

void MainWindow::dragEnterEvent(QDragEnterEvent* e) {
  if (e->mimeData()->hasUrls()) e->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* e) {
  const QString file = e->mimeData()->urls().value(0).toLocalFile();
  if (!file.isEmpty()) open(file);
}

void MainWindow::showWorkspace(const char* id) {
  const auto found = std::find_if(std::begin(kWorkspaces), std::end(kWorkspaces),
                                  [&](const char* name) { return id == QLatin1String(name); });
  if (found == std::end(kWorkspaces)) return;
  workspace_ = int(found - std::begin(kWorkspaces));
  QWidget* const centres[] = {picture_, inspect_, compareView_, exploreView_};
  actions_[id].setChecked(true);
  docks_->showWorkspace(id);
  centre_->setCurrentWidget(session_.clip() ? centres[workspace_] : welcome_);
  session_.setInspecting(workspace_ == Inspect);
  if (workspace_ != Compare) compare_.setActive(false);  // leaving comes first: both borrow the processor
  explore_.setActive(workspace_ == Explore);
  compare_.setActive(workspace_ == Compare);
  centre_->setFocus();  // no control has the keys until it is asked for
  refreshPicture();
}

/// Where the frame's features come from.
PictureTag MainWindow::tagOf(const Overlaid& overlaid) const {
  const Theme& t = look_.theme();
  const Result& result = overlaid.result;
  if (result.isKey) return {tr("Key frame %1").arg(result.keyFrame), "", t.plateKey};
  PictureTag tag{tr("Propagated"), "", t.platePropagated};
  const auto frames = [](int64_t n) { return counted(n, tr("1 frame"), tr("%1 frames")); };
  if (result.nextKey >= 0 && result.shareOfNext.empty()) {
    tag.text = tr("from key %1, %2 ahead").arg(result.nextKey).arg(frames(result.nextKey - result.frame->index));
    return tag;
  }
  if (result.nextKey >= 0) {
    tag.text = tr("between keys %1 and %2").arg(result.keyFrame).arg(result.nextKey);
    return tag;
  }
  const int64_t away = result.frame->index - result.keyFrame;
  tag.text = tr("from key %1, %2 back").arg(result.keyFrame).arg(frames(away));
  if (overlaid.late) tag.text += tr(", the next key is still being computed");
  if (overlaid.provisional) tag.text += tr(", not yet refined by key %1").arg(overlaid.keys.next);
  return tag;
}

/// The frame on screen with what is known of it.
void MainWindow::refreshPicture() {
  if (!picture_->isVisible() && centre_->currentWidget() != picture_) return;
  picture_->setPicture(session_.picture());
  PictureTag tag;
  if (session_.lost())
    tag = {tr("Damaged"), tr("frame %1 cannot be decoded").arg(session_.player().position()), look_.theme().plateAlarm};
  else if (const OverlaidPtr overlaid = session_.overlaid())
    tag = tagOf(*overlaid);
  else if (session_.clip() && session_.overlaysOn() && session_.news().error.empty())
    tag = {"", session_.news().loaded ? tr("waiting for the networks") : tr("loading the model"), {}};
  const QString scale = session_.clip() ? QString::number(100 * picture_->scale(), 'f', 0) + " %" : "";
  picture_->setTags(tag, scale);
  picture_->setCrosshair(session_.probe());
}

void MainWindow::refreshTimeLine() { timeLine_->setData(session_.timeLine()); }

void MainWindow::remember(const QString& path) {
  QSettings settings;
  QStringList files = settings.value("recent").toStringList();
  const QString whole = QFileInfo(path).absoluteFilePath();
  files.removeAll(whole);
  files.prepend(whole);
  settings.setValue("recent", files.mid(0, kRecentFiles));
  refreshRecent();
}

void MainWindow::refreshRecent() {
  QStringList files = QSettings().value("recent").toStringList();
  files.removeIf([](const QString& file) { return !QFileInfo::exists(file); });
  welcome_->setRecent(files);
  topBar_->recentMenu().clear();
  topBar_->recentMenu().setEnabled(!files.isEmpty());
  for (const QString& file : files)
    connect(topBar_->recentMenu().addAction(QFileInfo(file).fileName()), &QAction::triggered, this,
            [this, file] { open(file); });
}

}  // namespace dff::ui
