#include "ui/panels/explore_panel.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/flow/flow_source.h"
#include "core/flow/propagator.h"
#include "ui/look/kind_words.h"
#include "ui/look/words.h"
#include "ui/panels/job_list.h"

namespace dff::ui {

ExplorePanel::ExplorePanel(Look& look, Session& session, ExploreSession& explore, QWidget* parent)
    : QWidget(parent), look_(look), session_(session), explore_(explore) {
  auto* layout = column(this);
  const Heading title = panelHeading(tr("Sweep"), this);
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
  addChecks(layout, flowChoices(), true);
  layout->addSpacing(12);
  layout->addWidget(heading(tr("Propagation"), this).row);
  addChecks(layout, knownPropagators(), false);
  layout->addSpacing(12);
  layout->addWidget(labels_ = new LabelFolderBox(this));
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
  connect(labels_, &LabelFolderBox::chosen, this, [this](const QString& folder) { explore_.setLabels(folder); });
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

void ExplorePanel::refresh() {
  const SweepOptions options = explore_.options();
  const bool open = session_.clip() != nullptr;
  range_->setText(open ? tr("frames %1 to %2").arg(options.start).arg(options.end) : QString());
  if (!intervals_->hasFocus()) intervals_->setText(explore_.intervals());
  for (const auto& [name, check] : flows_) check->setChecked(explore_.hasFlow(name));
  for (const auto& [name, check] : propagations_) check->setChecked(explore_.hasPropagation(name));
  labels_->setStart(open ? QFileInfo(session_.path()).path() : QString());
  labels_->setFolder(explore_.labels(), explore_.labels().isEmpty() ? tr("With label images, the plot shows mIoU.")
                                                                    : QFileInfo(explore_.labels()).fileName());
  const int64_t range = options.end - options.start + 1;
  amount_->setText(
      open && range > options.frames
          ? tr("Of the %1 frames of the range, %2 are run, in stretches spread over it.").arg(range).arg(options.frames)
          : QString());
  amount_->setVisible(!amount_->text().isEmpty());
}

}  // namespace dff::ui
