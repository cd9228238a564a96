#include "ui/panels/label_folder_box.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace dff::ui {

LabelFolderBox::LabelFolderBox(QWidget* parent) : QWidget(parent) {
  auto* layout = column(this, 4);
  layout->addWidget(heading(tr("Ground truth"), this).row);
  layout->addWidget(sentence_ = dimLabel("", this));
  sentence_->setWordWrap(true);
  auto* buttons = new QWidget(this);
  auto* across = row(buttons);
  across->addWidget(choose_ = new QPushButton(tr("Folder of label images..."), buttons));
  across->addWidget(clear_ = new QPushButton(tr("Clear"), buttons));
  across->addStretch();
  for (QPushButton* button : {choose_, clear_}) button->setFocusPolicy(Qt::TabFocus);
  choose_->setToolTip(
      tr("8-bit PNGs, a pixel's value its class; one for every frame, or named by frame number from 0"));
  layout->addWidget(buttons);
  connect(choose_, &QPushButton::clicked, this, [this] {
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder of label images"), start_);
    if (!folder.isEmpty()) Q_EMIT chosen(folder);
  });
  connect(clear_, &QPushButton::clicked, this, [this] { Q_EMIT chosen(""); });
  setStart("");
  setFolder("", "");
}

void LabelFolderBox::setFolder(const QString& folder, const QString& sentence) {
  clear_->setVisible(!folder.isEmpty());
  sentence_->setText(sentence);
  sentence_->setToolTip(folder);
}

void LabelFolderBox::setStart(const QString& folder) {
  start_ = folder;
  choose_->setEnabled(!folder.isEmpty());
}

}  // namespace dff::ui
