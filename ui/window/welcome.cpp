#include "ui/window/welcome.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/look/controls.h"

namespace dff::ui {

Welcome::Welcome(Actions& actions, QWidget* parent) : QWidget(parent) {
  auto* outer = column(this);
  auto* drop = new QWidget(this);
  drop->setObjectName("drop");
  drop->setAttribute(Qt::WA_StyledBackground);
  drop->setFixedSize(440, 240);
  auto* inner = column(drop, 12);
  inner->setContentsMargins(24, 24, 24, 20);
  auto* title = new QLabel(tr("Drop a video here"), drop);
  title->setStyleSheet("font-size: 18px; font-weight: 600");
  inner->addWidget(title, 0, Qt::AlignHCenter);
  inner->addWidget(dimLabel(tr("and see what is recognised in it, from key frame to key frame"), drop), 0,
                   Qt::AlignHCenter);
  auto* buttons = new QWidget(drop);
  auto* across = row(buttons, 8);
  for (const auto& [id, role] : {std::pair("sample", "primary"), std::pair("open", "")}) {
    auto* button = new QPushButton(actions[id].text(), buttons);
    button->setProperty("role", role);
    button->setToolTip(actions[id].toolTip());
    connect(button, &QPushButton::clicked, &actions[id], &QAction::trigger);
    across->addWidget(button);
  }
  inner->addWidget(buttons, 0, Qt::AlignHCenter);
  recent_ = new QVBoxLayout;
  recent_->setSpacing(0);
  inner->addLayout(recent_);
  inner->addStretch();
  outer->addWidget(drop, 0, Qt::AlignCenter);
}

void Welcome::setRecent(const QStringList& files) {
  while (QLayoutItem* item = recent_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  for (const QString& file : files.mid(0, 3)) {
    auto* link = new QPushButton(QFileInfo(file).fileName(), this);
    link->setProperty("role", "link");
    link->setToolTip(file);
    connect(link, &QPushButton::clicked, this, [this, file] { Q_EMIT chosen(file); });
    recent_->addWidget(link, 0, Qt::AlignHCenter);
  }
}

}  // namespace dff::ui
