#include "ui/view/explore_view.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "core/base/file.h"
#include "core/export/provenance.h"
#include "ui/look/kind_words.h"
#include "ui/look/words.h"

namespace dff::ui {
namespace {

constexpr int kTableHeight = 216;

/// Amber is for key frames alone: no curve takes it.
QColor Theme::*colorOf(const SweepPoint& p) {
  if (p.flow == "flownet" || p.flow == "search") return &Theme::propagated;
  return p.flow == "copy" ? &Theme::dim : &Theme::other;
}

PlotMark markOf(const SweepPoint& p) {
  if (p.propagate == "causal") return p.flow == "copy" ? PlotMark::Dot : PlotMark::Ring;
  return p.propagate == "nearest" || p.propagate == "clockwork" ? PlotMark::Square : PlotMark::Dot;
}

QString describe(const SweepPoint& p, const QString& measure, double value) {
  const QString what = p.perFrame()
                           ? QObject::tr("per frame")
                           : QObject::tr("%1, interval %2").arg(wordsOfWay(p.flow, p.propagate)).arg(p.interval);
  return QObject::tr("%1\n%2 %3 %, %4 ms a frame, %5× per-frame speed\nclick: take this setting")
      .arg(what, measure)
      .arg(100 * value, 0, 'f', 1)
      .arg(p.msPerFrame, 0, 'f', 1)
      .arg(p.speedUp, 0, 'f', 1);
}

/// The frames, the model and how much of the range was run.
QString remarkOf(const SweepReport& r) {
  QStringList parts;
  if (r.labelled > 0) parts << counted(r.labelled, QObject::tr("1 labelled frame"), QObject::tr("%1 labelled frames"));
  const int64_t range = r.last - r.first + 1;
  if (r.framesWanted < range)
    parts << QObject::tr("%1 of %2 frames, spread over the range").arg(r.framesWanted).arg(range);
  parts << QString::fromStdString(r.modelName) << "CPU " + QString::fromStdString(r.precision);
  return parts.join(" · ");
}

}  // namespace

PlotData plotOf(const ExploreSession& explore) {
  const SweepReport& report = explore.report();
  PlotData plot;
  const bool miou = explore.measure() == Measure::Miou;
  plot.xTitle = QObject::tr("milliseconds per frame, measured here");
  plot.yTitle = miou ? QObject::tr("mIoU, %") : QObject::tr("agreement with per-frame inference, %");
  if (report.points.empty()) return plot;
  const auto valueOf = [&](const SweepPoint& p) { return 100 * explore.valueOf(p); };
  const auto pointOf = [&](size_t i) {
    const SweepPoint& p = report.points[i];
    return PlotPoint{p.msPerFrame, valueOf(p), int(i), QString::number(p.interval),
                     describe(p, miou ? QObject::tr("mIoU") : QObject::tr("agreement"), explore.valueOf(p))};
  };
  PlotPoint start = pointOf(0);  // every curve begins with it, and one name for it is enough
  start.label.clear();
  const auto current = explore.current();
  const SweepPoint* now = current ? &report.points[*current] : nullptr;
  PlotCurve model{QObject::tr("cost model"), &Theme::faint, PlotMark::None, true, {}};
  for (size_t i = 1; i < report.points.size(); ++i) {
    const SweepPoint &p = report.points[i], &before = report.points[i - 1];
    if (p.flow != before.flow || p.propagate != before.propagate)
      plot.curves.push_back({wordsOfWay(p.flow, p.propagate), colorOf(p), markOf(p), false, {start}});
    plot.curves.back().points.push_back(pointOf(i));
    if (now && p.flow == now->flow && p.propagate == now->propagate)
      model.points.push_back({p.modelMs, valueOf(p), -1, "", ""});
  }
  if (!model.points.empty()) plot.curves.insert(plot.curves.begin(), model);
  PlotPoint perFrame = pointOf(0);
  perFrame.label = QObject::tr("per frame");
  plot.curves.push_back({"", &Theme::text, PlotMark::Dot, false, {perFrame}});
  if (current) {
    plot.current = int(*current);
    plot.currentLabel = now->perFrame() ? QObject::tr("now: per frame") : QObject::tr("now: %1").arg(now->interval);
  }
  return plot;
}

ExploreView::ExploreView(Look& look, Actions& actions, Session& session, ExploreSession& explore, QWidget* parent)
    : QWidget(parent), look_(look), session_(session), explore_(explore) {
  setObjectName("body");
  setAttribute(Qt::WA_StyledBackground);
  auto* layout = column(this, 8);
  layout->setContentsMargins(20, 10, 20, 8);
  layout->addWidget(makeTop(actions));
  pages_ = new QStackedWidget(this);
  auto* known = new QWidget(pages_);
  auto* inner = column(known, 8);
  inner->addWidget(plot_ = new Plot(look, known), 1);
  rows_ = new QScrollArea(known);
  rows_->setWidget(table_ = new SweepTable(look, explore, rows_));
  rows_->setWidgetResizable(true);
  rows_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  rows_->setFocusPolicy(Qt::NoFocus);
  rows_->setFixedHeight(kTableHeight);
  inner->addWidget(rows_);
  pages_->addWidget(makeEmpty(actions));
  pages_->addWidget(known);
  layout->addWidget(pages_, 1);
  connect(plot_, &Plot::picked, this, [this](int id) { explore_.take(size_t(id)); });
  connect(table_, &SweepTable::rowMarked, this,
          [this](QRect row) { rows_->ensureVisible(0, row.center().y(), 0, row.height()); });
  connect(measure_, &Choice::chosen, this,
          [this](const QString& id) { explore_.setMeasure(id == "miou" ? Measure::Miou : Measure::Agreement); });
  connect(&explore, &ExploreSession::changed, this, &ExploreView::refresh);
  refresh();
}

QWidget* ExploreView::makeTop(Actions& actions) {
  auto* top = new QWidget(this);
  top->setFixedHeight(36);
  auto* layout = row(top);
  title_ = new QLabel(top);
  title_->setFont(look_.words(15, QFont::DemiBold));
  title_->setStyleSheet("font-size: 15px; font-weight: 600");
  layout->addWidget(title_);
  layout->addSpacing(6);
  layout->addWidget(remark_ = dimLabel("", top));
  layout->addStretch();
  measure_ = new Choice(look_, "", top);
  measure_->setItems(
      {{"agreement", tr("agreement"), tr("Share of pixels with the class that per-frame inference names")},
       {"miou", tr("mIoU"), tr("Against the label images")}});
  measure_->setAccessibleName(tr("Measure"));
  measure_->setFixedWidth(112);
  layout->addWidget(measure_);
  run_ = new QPushButton(top);
  run_->setProperty("role", "primary");
  run_->setToolTip(actions["sweep"].toolTip());
  save_ = new QPushButton(tr("Save as..."), top);
  save_->setToolTip(actions["save_sweep"].toolTip());
  for (QPushButton* button : {run_, save_}) {
    button->setFocusPolicy(Qt::TabFocus);
    layout->addWidget(button);
  }
  connect(run_, &QPushButton::clicked, &actions["sweep"], &QAction::trigger);
  connect(save_, &QPushButton::clicked, &actions["save_sweep"], &QAction::trigger);
  return top;
}

/// What stands in the plot's place until there is one.
QWidget* ExploreView::makeEmpty(Actions& actions) {
  auto* page = new QWidget(pages_);
  auto* outer = column(page);
  auto* box = new QWidget(page);
  box->setFixedWidth(460);
  auto* inner = column(box, 10);
  auto* title = new QLabel(tr("What each interval costs, and what it buys, on this clip"), box);
  title->setStyleSheet("font-size: 16px; font-weight: 600");
  inner->addWidget(title, 0, Qt::AlignHCenter);
  hint_ = dimLabel("", box);
  hint_->setWordWrap(true);
  hint_->setAlignment(Qt::AlignHCenter);
  inner->addWidget(hint_);
  auto* start = new QPushButton(actions["sweep"].text(), box);
  start->setProperty("role", "primary");
  start->setToolTip(actions["sweep"].toolTip());
  start->setFocusPolicy(Qt::TabFocus);
  inner->addWidget(start, 0, Qt::AlignHCenter);
  connect(start, &QPushButton::clicked, &actions["sweep"], &QAction::trigger);
  connect(&explore_, &ExploreSession::changed, start, [this, start] { start->setVisible(!explore_.running()); });
  outer->addWidget(box, 0, Qt::AlignCenter);
  return page;
}

void ExploreView::refresh() {
  const SweepReport& report = explore_.report();
  const bool known = !report.points.empty(), running = explore_.running();
  pages_->setCurrentIndex(known);
  title_->setText(known ? tr("Accuracy against cost, frames %1 to %2").arg(report.first).arg(report.last)
                        : tr("Accuracy against cost"));
  QString remark = known ? remarkOf(report) : QString();
  const auto job = explore_.job();
  if (running && job && job->progress.total > 0)
    remark = tr("%1 % · %2")
                 .arg(100 * job->progress.done / job->progress.total)
                 .arg(QString::fromStdString(job->progress.what));
  remark_->setText(remark);
  measure_->setVisible(explore_.hasMiou());
  measure_->setCurrent(explore_.measure() == Measure::Miou ? "miou" : "agreement");
  run_->setVisible(known);
  run_->setText(running ? tr("Cancel sweep") : tr("Run sweep"));
  save_->setVisible(known);
  const Player& p = session_.player();
  hint_->setText(
      running ? tr("loading the model, then per-frame inference as the yardstick; points appear as they are measured")
              : tr("Runs frames %1 to %2 at every interval, flow source and propagation chosen at the right, and "
                   "compares each "
                   "with per-frame inference. The studio stays usable.")
                    .arg(p.in())
                    .arg(p.out()));
  plot_->setData(plotOf(explore_));
}

void ExploreView::save(const QString& file) const {
  if (QFileInfo(file).suffix().toLower() == "csv")
    writeFileAtomically(file.toStdString(), toCsv(explore_.report()));
  else
    savePlot(file, plotOf(explore_), look_);
  writeProvenance(file.toStdString(),
                  {{"options", toJson(explore_.reported())}, {"report", toJson(explore_.report())}});
}

}  // namespace dff::ui
