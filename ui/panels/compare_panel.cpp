#include "ui/panels/compare_panel.h"

#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/look/words.h"

namespace dff::ui {

ComparePanel::ComparePanel(Look& look, Actions& actions, Session& session, CompareSession& compare, QWidget* parent)
    : QWidget(parent), look_(look), session_(session), compare_(compare) {
  auto* layout = column(this);
  const Heading shown = panelHeading(tr("Compare"), this);
  layout->addWidget(shown.row);
  layout->addWidget(makeModes(actions));
  layout->addSpacing(16);
  layout->addWidget(makeAgreement());
  layout->addSpacing(12);
  layout->addWidget(hairline(this));
  layout->addSpacing(6);
  layout->addWidget(new CompareSide(look, session, compare, 0, this));
  layout->addSpacing(10);
  layout->addWidget(hairline(this));
  layout->addSpacing(6);
  layout->addWidget(new CompareSide(look, session, compare, 1, this));
  layout->addSpacing(10);
  layout->addWidget(hairline(this));
  layout->addSpacing(6);
  layout->addWidget(truth_ = new LabelFolderBox(this));
  layout->addStretch();
  connect(truth_, &LabelFolderBox::chosen, this, [this](const QString& folder) { compare_.setTruth(folder); });
  connect(&compare, &CompareSession::changed, this, &ComparePanel::refresh);
  connect(&compare, &CompareSession::comparisonChanged, this, &ComparePanel::refresh);
  connect(&look, &Look::changed, this, &ComparePanel::refresh);
  refresh();
}

QWidget* ComparePanel::makeModes(Actions& actions) {
  auto* box = new QWidget(this);
  auto* layout = column(box, 8);  // beside each other they are wider than the panel
  auto* segments = new QWidget(box);
  segments->setObjectName("segments");
  segments->setAttribute(Qt::WA_StyledBackground);
  auto* across = row(segments, 0);
  for (const char* id : {"wipe", "split", "difference"}) {
    auto* button = new QToolButton(segments);
    button->setDefaultAction(&actions[id]);
    button->setFocusPolicy(Qt::NoFocus);
    across->addWidget(button);
  }
  layout->addWidget(segments, 0, Qt::AlignLeft);
  auto* swap = new QPushButton(tr("Swap"), box);
  swap->setToolTip(actions["swap_sides"].toolTip());
  swap->setFocusPolicy(Qt::TabFocus);
  connect(swap, &QPushButton::clicked, &actions["swap_sides"], &QAction::trigger);
  layout->addWidget(swap, 0, Qt::AlignLeft);
  return box;
}

QWidget* ComparePanel::makeAgreement() {
  auto* box = new QWidget(this);
  box->setToolTip(tr("Share of the pixels on which both sides name the same class; void is left out"));
  auto* grid = new QGridLayout(box);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(0);
  for (QLabel** label : {&agree_, &meanAgree_})
    grid->addWidget(*label = figureLabel(look_, box, 24), 0, label == &meanAgree_);
  grid->addWidget(dimLabel(tr("agree on this frame"), box), 1, 0);
  grid->addWidget(compared_ = dimLabel("", box), 1, 1);
  grid->setRowMinimumHeight(1, 22);
  grid->setColumnStretch(0, 1);
  grid->setColumnStretch(1, 1);
  return box;
}

void ComparePanel::refresh() {
  const ComparisonPtr c = compare_.comparison();
  const CompareNews& news = compare_.news();
  const auto percent = [](double share) {
    return QString::number(100 * share, 'f', 1) + "<span style='font-size:13px'> %</span>";
  };
  agree_->setText(c && c->agreement && !compare_.stale() ? percent(*c->agreement) : QString("–"));
  meanAgree_->setText(news.compared > 0 ? percent(news.agreement) : QString("–"));
  compared_->setText(news.compared > 0 ? tr("mean of %1").arg(counted(news.compared, tr("1 frame"), tr("%1 frames")))
                                       : tr("mean of the frames seen"));
  truth_->setStart(session_.clip() ? QFileInfo(session_.path()).path() : QString());
  truth_->setFolder(compare_.truth(), aboutTruth());
}

QString ComparePanel::aboutTruth() const {
  const CompareNews& news = compare_.news();
  if (compare_.truth().isEmpty())
    return tr("With label images, each side's mIoU is given, and they can be a side themselves.");
  if (!news.error.empty()) return QString::fromStdString(news.error);
  return tr("%1, %2").arg(QFileInfo(compare_.truth()).fileName(),
                          counted(news.labelled, tr("1 label image"), tr("%1 label images")));
}

}  // namespace dff::ui
