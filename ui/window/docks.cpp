#include "ui/window/docks.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QSettings>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace dff::ui {
namespace {

constexpr int kVersion = 1;  // of the arrangements that are kept

/// Scrolls where there is no room; as wide at first as the panel was drawn.
class PanelArea : public QScrollArea {
 public:
  PanelArea(QWidget* content, int width) : width_(width) {
    setObjectName("panel");
    content->setObjectName("panelBody");
    content->setAttribute(Qt::WA_StyledBackground);
    content->setContentsMargins(12, 0, 12, 12);
    setWidget(content);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumWidth(width);
    setFocusPolicy(Qt::NoFocus);
  }
  QSize sizeHint() const override {
    return {width_, widget()->sizeHint().expandedTo(widget()->minimumSize()).height()};
  }
  /// What says how high it must be is shown whole.
  QSize minimumSizeHint() const override { return {width_, std::clamp(widget()->minimumHeight(), 80, 240)}; }

 private:
  int width_;
};

/// The panel's own heading; what can be done with the panel takes the remark's place while the pointer is there.
class DockTitle : public QWidget {
 public:
  DockTitle(Look& look, QDockWidget& dock, QWidget* heading) : QWidget(&dock), look_(look), dock_(dock) {
    setObjectName("panelBody");
    setAttribute(Qt::WA_StyledBackground);
    setContentsMargins(12, 6, 12, 0);
    auto* layout = row(this, 0);
    heading->setParent(this);
    layout->addWidget(heading, 1);
    remark_ = heading->findChild<QLabel*>("remark");
    layout->addWidget(float_ = button("float", Docks::tr("Float, or back into the window")));
    layout->addWidget(close_ = button("close", Docks::tr("Close the panel")));
    connect(float_, &QToolButton::clicked, &dock, [&dock] { dock.setFloating(!dock.isFloating()); });
    connect(close_, &QToolButton::clicked, &dock, &QDockWidget::close);
    connect(&look, &Look::changed, this, [this] { tint(); });
    tint();
    showButtons(false);
  }

 protected:
  void enterEvent(QEnterEvent*) override { showButtons(true); }
  void leaveEvent(QEvent*) override { showButtons(false); }

 private:
  QToolButton* button(const char* name, const QString& tip) {
    auto* made = new QToolButton(this);
    made->setProperty("role", "small");
    made->setObjectName(name);
    made->setFocusPolicy(Qt::NoFocus);
    made->setToolTip(tip);
    made->setAccessibleName(tip);
    return made;
  }
  void tint() {
    for (QToolButton* b : {float_, close_}) b->setIcon(look_.icon(b->objectName(), look_.theme().dim));
  }
  void showButtons(bool on) {
    for (QToolButton* b : {float_, close_}) b->setVisible(on);
    if (remark_) remark_->setVisible(!on);
  }

  Look& look_;
  QDockWidget& dock_;
  QLabel* remark_ = nullptr;
  QToolButton *float_, *close_;
};

}  // namespace

Docks::Docks(Look& look, Actions& actions, QWidget* parent) : QMainWindow(parent), look_(look), actions_(actions) {
  setWindowFlags(Qt::Widget);                           // it makes itself a window of its own
  setDockOptions(AllowNestedDocks | AllowTabbedDocks);  // nothing moves by itself
  for (auto area : {Qt::LeftDockWidgetArea, Qt::RightDockWidgetArea, Qt::TopDockWidgetArea, Qt::BottomDockWidgetArea})
    setTabPosition(area, QTabWidget::North);
  setCorner(Qt::TopLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::TopRightCorner, Qt::RightDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
}

/// Docks that are hidden while they are destroyed have nobody to tell.
Docks::~Docks() {
  for (auto& [name, entry] : docks_) entry.dock->toggleViewAction()->disconnect(this);
}

void Docks::add(const DockPlace& place, QWidget* content) {
  QAction& action = actions_[place.action];
  auto* heading = content->findChild<QWidget*>("panelTitle");
  const auto* title = heading ? heading->findChild<QLabel*>() : nullptr;
  auto* dock = new QDockWidget(title ? title->text() : action.text(), this);
  dock->setObjectName(place.action);
  dock->setWidget(new PanelArea(content, place.width));
  if (heading) dock->setTitleBarWidget(new DockTitle(look_, *dock, heading));
  addDockWidget(place.area, dock);
  docks_[place.action] = {place, dock};
  order_.push_back(place.action);
  connect(dock->toggleViewAction(), &QAction::toggled, this, [this, name = dock->objectName()](bool on) {
    if (!on && alone_ == name) showAlone(name, false);
  });
  if (!action.isCheckable()) return;
  connect(&action, &QAction::triggered, dock, [dock](bool on) {
    dock->setVisible(on);
    if (on) dock->raise();
  });
  connect(dock->toggleViewAction(), &QAction::toggled, &action, &QAction::setChecked);
}

void Docks::arrangeAtFirst() {
  QList<QDockWidget*> shown;
  QList<int> widths, heights;
  for (const auto& name : order_) removeDockWidget(docks_.at(name).dock);
  for (const auto& name : order_) {
    const auto& [place, dock] = docks_.at(name);
    dock->setFloating(false);
    addDockWidget(place.area, dock);
    const auto& in = place.workspaces;
    const bool here = std::any_of(in.begin(), in.end(), [&](const char* w) { return workspace_ == QLatin1String(w); });
    dock->setVisible(here);
    if (!here) continue;
    shown << dock;
    widths << place.width;
    heights << dock->sizeHint().height();
  }
  resizeDocks(shown, widths, Qt::Horizontal);
  resizeDocks(shown, heights, Qt::Vertical);
}

void Docks::putAway() {
  if (workspace_.isEmpty()) return;
  QSettings().setValue(keyOf(workspace_), showsAlone() ? beforeAlone_ : saveState(kVersion));
}

void Docks::showWorkspace(const QString& name) {
  if (name == workspace_) return;
  const QString alone = alone_;
  if (showsAlone()) showAlone(alone_, false);
  putAway();
  workspace_ = name;
  const QByteArray kept = QSettings().value(keyOf(name)).toByteArray();
  if (kept.isEmpty() || !restoreState(kept, kVersion)) arrangeAtFirst();
  if (!alone.isEmpty()) showAlone(alone, true);
}

void Docks::showAlone(const QString& action, bool on) {
  if (on == showsAlone()) return;
  QDockWidget& chosen = dock(action);
  if (!on) {
    alone_.clear();
    restoreState(beforeAlone_, kVersion);
    return chosen.hide();
  }
  beforeAlone_ = saveState(kVersion);
  alone_ = action;
  const auto area = docks_.at(action.toStdString()).place.area;
  for (auto& [name, entry] : docks_)
    if (entry.dock != &chosen && !entry.dock->isFloating() && dockWidgetArea(entry.dock) == area) entry.dock->hide();
  chosen.show();
  chosen.raise();
  resizeDocks({&chosen}, {docks_.at(action.toStdString()).place.width}, Qt::Horizontal);
}

void Docks::reset() {
  alone_.clear();
  QSettings().remove("layout/docks");
  arrangeAtFirst();
}

void Docks::save() { putAway(); }

}  // namespace dff::ui
