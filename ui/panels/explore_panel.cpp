#include "ui/panels/explore_panel.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/flow/flow_source.h"
#include "core/flow/propagator.h"
#include "ui/look/kind_words.h"
#include "ui/look/words.h"
#include "ui/panels/export_panel.h"

namespace dff::ui {

ExplorePanel::ExplorePanel(Look& look, Session& session, ExploreSession& explore, QWidget* parent)
    : QWidget(parent), look_(look), session_(session), explore_(explore) {
  auto* layout = column(this);
  const Heading title = heading(tr("Sweep"), this);
  range_ = title.remark;
  layout->addWidget(title.row);
  layout->addWidget(dimLabel(tr("Key-frame intervals"), this));
  layout->addSpacing(4);
  intervals_ = new QLineEdit(this);
  intervals_->setFont(look.figures());
  intervals_->setFocusPolicy(Qt::ClickFocus);
  intervals_->setAccessibleName(tr("Key-frame intervals"));
  intervals_->setToolTip(tr("1 to 100, separated by commas; 1 is per-frame inference and always run"));
  layout->addWidget(intervals_);
  layout->addSpacing(12);
  layout->addWidget(heading(tr("Flow source"), this).row);
  addChecks(layout, knownFlowSources(), true);
  layout->addSpacing(12);
  layout->addWidget(heading(tr("Propagation"), this).row);
  addChecks(layout, knownPropagators(), false);
  layout->addSpacing(12);
  layout->addWidget(makeLabels());
  layout->addSpacing(12);
  layout->addWidget(amount_ = dimLabel("", this));
  amount_->setWordWrap(true);
  layout->addSpacing(16);
  layout->addWidget(new JobList(look, session, this));
  layout->addStretch();
  connect(intervals_, &QLineEdit::editingFinished, this, [this] {
    explore_.setIntervals(intervals_->text());
    intervals_->clearFocus();
    refresh();
  });
  connect(&explore, &ExploreSession::changed, this, &ExplorePanel::refresh);
  refresh();
}

/// "copy" has one row, under the flow sources: without motion every propagation is the same.
void ExplorePanel::addChecks(QVBoxLayout* layout, const std::string& names, bool flows) {
  for (const QString& listed : QString::fromStdString(names).split(", ")) {
    const std::string name = listed.toStdString();
    if (!flows && name == "copy") continue;
    auto* check = new Check(look_, name == "copy" ? tr("copy (no motion)") : wordOf(name), this);
    (flows ? flows_ : propagations_)[name] = check;
    layout->addWidget(check);
    connect(check, &QCheckBox::clicked, this,
            [this, name, flows](bool on) { flows ? explore_.setFlow(name, on) : explore_.setPropagation(name, on); });
  }
}

QWidget* ExplorePanel::makeLabels() {
  auto* box = new QWidget(this);
  auto* layout = column(box, 4);
  layout->addWidget(heading(tr("Ground truth"), box).row);
  layout->addWidget(labels_ = dimLabel("", box));
  labels_->setWordWrap(true);
  auto* buttons = new QWidget(box);
  auto* across = row(buttons);
  across->addWidget(choose_ = new QPushButton(tr("Folder of label images..."), buttons));
  across->addWidget(clear_ = new QPushButton(tr("Clear"), buttons));
  across->addStretch();
  for (QPushButton* button : {choose_, clear_}) button->setFocusPolicy(Qt::TabFocus);
  choose_->setToolTip(
      tr("8-bit PNGs, a pixel's value its class; one for every frame, or named by frame number from 0"));
  layout->addWidget(buttons);
  connect(choose_, &QPushButton::clicked, this, [this] {
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Folder of label images"), QFileInfo(session_.path()).path());
    if (!folder.isEmpty()) explore_.setLabels(folder);
  });
  connect(clear_, &QPushButton::clicked, this, [this] { explore_.setLabels(""); });
  return box;
}

void ExplorePanel::refresh() {
  const SweepOptions options = explore_.options();
  const bool open = session_.clip() != nullptr;
  range_->setText(open ? tr("frames %1 to %2").arg(options.start).arg(options.end) : QString());
  if (!intervals_->hasFocus()) intervals_->setText(explore_.intervals());
  for (const auto& [name, check] : flows_) check->setChecked(explore_.hasFlow(name));
  for (const auto& [name, check] : propagations_) check->setChecked(explore_.hasPropagation(name));
  choose_->setEnabled(open);
  clear_->setVisible(!explore_.labels().isEmpty());
  labels_->setText(explore_.labels().isEmpty() ? tr("With label images, the plot shows mIoU.")
                                               : QFileInfo(explore_.labels()).fileName());
  labels_->setToolTip(explore_.labels());
  const int64_t range = options.end - options.start + 1;
  amount_->setText(
      open && range > options.frames
          ? tr("Of the %1 frames of the range, %2 are run, in stretches spread over it.").arg(range).arg(options.frames)
          : QString());
  amount_->setVisible(!amount_->text().isEmpty());
}

}  // namespace dff::ui
