#include "ui/window/top_bar.h"

#include <QActionGroup>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QToolButton>

namespace dff::ui {

TopBar::TopBar(Look& look, Actions& actions, Session& session, QWidget* parent)
    : QWidget(parent), look_(look), actions_(actions), session_(session) {
  setObjectName("topBar");
  setAttribute(Qt::WA_StyledBackground);
  setFixedHeight(40);
  auto* left = new QWidget(this);
  auto* leftRow = row(left, 8);
  auto* name = new QLabel(tr("DFF Studio"), left);
  name->setProperty("role", "title");
  file_ = dimLabel("", left);
  leftRow->addWidget(name);
  leftRow->addWidget(makeMenus(), 0, Qt::AlignVCenter);
  leftRow->addSpacing(8);
  leftRow->addWidget(file_);
  leftRow->addStretch();
  auto* right = new QWidget(this);
  auto* rightRow = row(right, 8);
  rightRow->addStretch();
  for (QPushButton** button : {&model_, &device_}) {
    rightRow->addWidget(*button = new QPushButton(right));
    (*button)->setFocusPolicy(Qt::NoFocus);
  }
  auto* search = new QPushButton(tr("Search actions    Ctrl P"), right);
  search->setFocusPolicy(Qt::NoFocus);
  search->setToolTip(actions["palette"].toolTip());
  rightRow->addWidget(search);
  auto* grid = new QGridLayout(this);  // the workspaces stand in the middle of the window
  grid->setContentsMargins(12, 0, 12, 0);
  grid->addWidget(left, 0, 0);
  grid->addWidget(makeWorkspaces(), 0, 1);
  grid->addWidget(right, 0, 2);
  grid->setColumnStretch(0, 1);
  grid->setColumnStretch(2, 1);
  model_->setToolTip(actions["load_model"].toolTip());
  device_->setToolTip(tr("Precision of the networks"));
  connect(search, &QPushButton::clicked, &actions["palette"], &QAction::trigger);
  connect(model_, &QPushButton::clicked, &actions["load_model"], &QAction::trigger);
  connect(device_, &QPushButton::clicked, this, &TopBar::choosePrecision);
  connect(&session, &Session::clipChanged, this, &TopBar::refresh);
  connect(&session, &Session::readingsChanged, this, &TopBar::refresh);
  refresh();
}

QWidget* TopBar::makeMenus() {
  auto* bar = new QMenuBar(this);
  bar->setNativeMenuBar(false);
  bar->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Maximum);
  QMenu* menu = nullptr;
  QString title;
  bool separate = false;
  for (const ActionRow& row : actionTable()) {
    separate |= !*row.id;
    if (!*row.menu) continue;
    if (title != row.menu) {
      menu = bar->addMenu(QCoreApplication::translate("Actions", row.menu));
      menu->setToolTipsVisible(true);
      title = row.menu;
    } else if (separate) {
      menu->addSeparator();
    }
    separate = false;
    menu->addAction(&actions_[row.id]);
    if (row.id == QLatin1String("sample")) recent_ = menu->addMenu(tr("Recent files"));
  }
  return bar;
}

QWidget* TopBar::makeWorkspaces() {
  auto* box = new QWidget(this);
  box->setObjectName("segments");
  box->setAttribute(Qt::WA_StyledBackground);
  auto* layout = row(box, 0);
  auto* group = new QActionGroup(this);
  for (const char* id : {"watch", "inspect", "compare", "explore"}) {
    group->addAction(&actions_[id]);
    auto* button = new QToolButton(box);
    button->setDefaultAction(&actions_[id]);
    button->setFocusPolicy(Qt::NoFocus);
    layout->addWidget(button);
  }
  actions_["watch"].setChecked(true);
  return box;
}

void TopBar::choosePrecision() {
  QMenu menu(this);
  const std::pair<const char*, QString> choices[] = {{"auto", tr("as the processor is fastest")},
                                                     {"fp32", tr("fp32, exact")},
                                                     {"bf16", tr("bf16, half the memory traffic")},
                                                     {"int8", tr("int8, quickest, not exact")}};
  for (const auto& [id, text] : choices)
    connect(menu.addAction(text), &QAction::triggered, this, [this, id = id] { session_.setPrecision(id); });
  menu.exec(device_->mapToGlobal(QPoint(0, device_->height() + 2)));
}

void TopBar::refresh() {
  file_->setText(session_.clip() ? QString::fromStdString(session_.clip()->path.filename().string()) : "");
  const InferenceNews& news = session_.news();
  model_->setText(news.loaded ? tr("model %1").arg(QString::fromStdString(news.model)) : tr("loading model"));
  device_->setText("CPU " + QString::fromStdString(news.precision));
}

}  // namespace dff::ui
