#include "ui/panels/tuning_panel.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QIntValidator>
#include <QVBoxLayout>
#include <cmath>

#include "core/flow/flow_source.h"
#include "core/flow/propagator.h"
#include "core/schedule/key_policy.h"
#include "ui/look/kind_words.h"

namespace dff::ui {
namespace {

constexpr int kMaxInterval = 30;

std::vector<Choice::Item> waysOfPropagation() {
  auto items = itemsOf(knownPropagators());
  for (auto& item : items) item.help = findPropagator(item.id.toStdString()).help;
  return items;
}

/// What they do is said by the core, as the command line says it.
std::vector<Choice::Item> policies() {
  std::vector<Choice::Item> items;
  for (const std::string& name : quickPolicies())
    items.push_back({QString::fromStdString(name), wordOf(name), findPolicy(name).help});
  return items;
}

}  // namespace

TuningPanel::TuningPanel(Look& look, Session& session, QWidget* parent)
    : QWidget(parent), look_(look), session_(session) {
  auto* layout = column(this);
  const Heading propagation = panelHeading(tr("Propagation"), this);
  placed_ = propagation.remark;
  layout->addWidget(propagation.row);
  layout->addWidget(makeInterval());
  layout->addSpacing(6);
  layout->addWidget(makeChoices());
  layout->addSpacing(8);
  const Heading costs = heading(tr("What it costs, what it buys"), this);
  predicted_ = costs.remark;
  predicted_->setToolTip(
      tr("Speed-up = l / (1 + (l - 1) q), q the cost of a propagated frame over that of a key frame"));
  layout->addWidget(costs.row);
  layout->addWidget(makeFigures());
  layout->addSpacing(8);
  layout->addWidget(makeCost());
  layout->addSpacing(4);
  const Heading curve = heading(tr("This clip, by interval"), this);
  sampled_ = curve.remark;
  layout->addWidget(curve.row);
  curve_ = new AgreementCurve(look, this);
  curve_->setToolTip(
      tr("Share of pixels with the same class as per-frame inference, mean over an interval; click: take"));
  layout->addWidget(curve_);
  layout->addStretch();
  connect(curve_, &AgreementCurve::picked, &session, &Session::setInterval);
  connect(&session, &Session::tuningChanged, this, &TuningPanel::refresh);
  connect(&session, &Session::readingsChanged, this, &TuningPanel::refresh);
  connect(&look, &Look::changed, this, &TuningPanel::refresh);
  refresh();
}

QWidget* TuningPanel::makeInterval() {
  auto* box = new QWidget(this);
  auto* layout = column(box);
  auto* line = new QWidget(box);
  line->setFixedHeight(36);
  auto* across = row(line);
  interval_ = new QLineEdit(line);
  interval_->setProperty("role", "figure");
  interval_->setFont(look_.figures(24, QFont::DemiBold));
  interval_->setFixedSize(56, 34);
  interval_->setAlignment(Qt::AlignRight);
  interval_->setValidator(new QIntValidator(1, kMaxInterval, interval_));
  interval_->setAccessibleName(tr("Key-frame interval"));
  interval_->setFocusPolicy(Qt::ClickFocus);
  across->addWidget(what_ = dimLabel("", line));
  across->addStretch();
  across->addWidget(interval_);
  slider_ = new Slider(look_, 1, kMaxInterval, box);
  slider_->setAccent(&Theme::key);
  slider_->setTicks({1, 5, 10, 15, 20, 25, 30});
  slider_->setAccessibleName(tr("Key-frame interval"));
  box->setToolTip(tr("Frames from one run of the heavy network to the next  (- and =)"));
  layout->addWidget(line);
  layout->addWidget(slider_);
  connect(slider_, &Slider::moved, &session_, &Session::setInterval);
  connect(interval_, &QLineEdit::editingFinished, this, [this] {
    if (interval_->text().toInt() != session_.tuning().keys.interval) session_.setInterval(interval_->text().toInt());
    interval_->clearFocus();
  });
  return box;
}

QWidget* TuningPanel::makeChoices() {
  auto* box = new QWidget(this);
  auto* layout = column(box, 4);
  policy_ = new Choice(look_, tr("policy"), box);
  policy_->setItems(policies());
  policy_->setToolTip(tr("Where key frames are put: on a grid, or as many of them where they are needed  (P)"));
  flow_ = new Choice(look_, tr("flow"), box);
  flow_->setItems(itemsOf(flowChoices()));
  flow_->setToolTip(
      tr("Where motion comes from: what the model is best with, its flow network, a classical method, or none"));
  propagation_ = new Choice(look_, "", box);
  propagation_->setAccessibleName(tr("Propagation"));
  propagation_->setItems(waysOfPropagation());
  propagation_->setToolTip(tr("How features travel from key frames to the others  (Shift+P)"));
  aggregate_ = new Check(look_, tr("Blend keys"), box);
  aggregate_->setToolTip(
      tr("Two-sided only: what the key frames before and after say of a key frame counts as far as the flow to "
         "them is trusted"));
  const std::array<std::array<QWidget*, 2>, 2> lines = {{{policy_, flow_}, {propagation_, aggregate_}}};
  for (const auto& line : lines) {
    auto* across = row(new QWidget(box));
    for (QWidget* widget : line) across->addWidget(widget, 1);
    layout->addWidget(across->parentWidget());
  }
  connect(policy_, &Choice::chosen, &session_, &Session::setPolicy);
  connect(propagation_, &Choice::chosen, &session_, &Session::setPropagation);
  connect(flow_, &Choice::chosen, &session_, &Session::setFlow);
  connect(aggregate_, &QCheckBox::clicked, &session_, &Session::setAggregateKeys);
  return box;
}

TuningPanel::Figure TuningPanel::addFigure(QWidget* parent, const QString& what, const QString& tip) {
  Figure f{figureLabel(look_, parent, 24), dimLabel(what, parent)};
  f.value->setFixedHeight(28);
  for (QLabel* label : {f.value, f.what}) label->setToolTip(tip);
  return f;
}

QWidget* TuningPanel::makeFigures() {
  auto* box = new QWidget(this);
  auto* grid = new QGridLayout(box);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(0);
  fps_ = addFigure(box, tr("frames a second"),
                   tr("What the networks can do at this interval, from stage times measured here"));
  speed_ = addFigure(box, tr("per-frame speed"), tr("Against running the heavy network on every frame"));
  agree_ = addFigure(box, tr("agree with per-frame"), tr("Share of pixels with the same class, sampled in idle time"));
  keys_ = addFigure(box, tr("key frames"), tr("Share of the range's frames on which the heavy network runs"));
  const Figure* figures[] = {&fps_, &speed_, &agree_, &keys_};
  for (int i = 0; i < 4; ++i) {
    grid->addWidget(figures[i]->value, i / 2 * 2, i % 2);
    grid->addWidget(figures[i]->what, i / 2 * 2 + 1, i % 2);
    grid->setRowMinimumHeight(i / 2 * 2 + 1, 20);
    grid->setRowMinimumHeight(i / 2 * 2, 28);
  }
  grid->setColumnStretch(0, 1);
  grid->setColumnStretch(1, 1);
  return box;
}

QWidget* TuningPanel::makeCost() {
  auto* box = new QWidget(this);
  auto* layout = column(box, 4);
  auto* line = new QWidget(box);
  auto* across = row(line);
  mean_ = figureLabel(look_, line);
  mean_->setProperty("role", "dim");
  across->addWidget(dimLabel(tr("Mean cost of a frame"), line));
  across->addStretch();
  across->addWidget(mean_);
  layout->addWidget(line);
  layout->addWidget(bar_ = new CostBar(look_, box));
  auto* legend = new QWidget(box);
  auto* grid = new QGridLayout(legend);
  grid->setContentsMargins(0, 4, 0, 0);
  grid->setHorizontalSpacing(16);
  grid->setVerticalSpacing(2);
  for (int i = 0; i < 4; ++i) {
    parts_[size_t(i)] = new QLabel(legend);
    grid->addWidget(parts_[size_t(i)], i / 2, i % 2);
  }
  layout->addWidget(legend);
  return box;
}

QString TuningPanel::figure(double value, const QString& unit, int digits) const {
  return QString::number(value, 'f', digits) + "<span style='font-size:13px'>" + unit + "</span>";
}

void TuningPanel::refresh() {
  const Theme& t = look_.theme();
  const Tuning& tuning = session_.tuning();
  const int interval = tuning.keys.interval;
  interval_->setStyleSheet("color: " + t.key.name());
  if (!interval_->hasFocus()) interval_->setText(QString::number(interval));
  slider_->setValue(interval);
  refreshPlacing();
  propagation_->setCurrent(QString::fromStdString(tuning.way()));
  aggregate_->setChecked(tuning.aggregateKeys);
  aggregate_->setVisible(findPropagator(tuning.way()).blends());
  flow_->setCurrent(QString::fromStdString(tuning.flow));
  const double share = session_.keyShare();
  keys_.value->setText(figure(100 * share, " %", share < 0.095 ? 1 : 0));
  refreshCost(session_.news().costs.reading(share));
  refreshAgreement();
}

void TuningPanel::refreshPlacing() {
  const bool fixed = session_.policy() == "fixed";
  policy_->setCurrent(QString::fromStdString(session_.policy()));
  what_->setText(fixed ? tr("Key-frame interval") : tr("Key frames as at interval"));
  const auto looked = session_.planning();
  placed_->setText(fixed    ? tr("fixed interval")
                   : looked ? tr("looking at frames, %1 %").arg(int(100 * *looked))
                            : tr("placed by %1").arg(wordOf(session_.policy())));
}

void TuningPanel::refreshAgreement() {
  const KeySchedule& keys = session_.tuning().keys;
  const Agreement& agreement = session_.news().agreement;
  const auto agree = keys.planned.empty() ? agreement.atInterval(keys.interval) : agreement.ofPlan(session_.keyShare());
  agree_.value->setText(agree ? figure(100 * *agree, " %", 1) : QString("–"));
  sampled_->setText(session_.news().measuring ? tr("sampling, %1 so far").arg(agreement.samples())
                                              : tr("sampled in idle time"));
  curve_->setPoints(agreement.curve(kMaxInterval), keys.interval);
}

void TuningPanel::refreshCost(const CostReading& r) {
  const Theme& t = look_.theme();
  const double measured = session_.measuredMs();
  const bool known = r.known && measured > 0;
  fps_.value->setText(known ? figure(1000 / measured, "", measured > 100 ? 1 : 0) : QString("–"));
  speed_.value->setText(known ? figure(r.keyMs / measured, "×", 1) : QString("–"));
  mean_->setText(known ? QString::number(measured, 'f', 1) + " ms" : QString("–"));
  predicted_->setText(r.known ? tr("cost model: %1×").arg(r.speedUp, 0, 'f', 1) : "");
  bar_->setReading(r);
  const std::tuple<QString, double, QColor> parts[] = {{tr("features"), r.features, t.key},
                                                       {tr("flow"), r.flow, t.propagated},
                                                       {tr("warp"), r.warp, t.other},
                                                       {tr("heads, rest"), r.heads, t.done}};
  for (size_t i = 0; i < 4; ++i) {
    const auto& [name, ms, color] = parts[i];
    const QString value = r.known ? QString::number(ms, 'f', 1) : QString("–");
    parts_[i]->setText(
        QString("<table width='100%' cellspacing='0' cellpadding='0'><tr><td><span style='color:%1'>■</span>"
                " <span style='color:%2'>%3</span></td><td align='right'>%4</td></tr></table>")
            .arg(color.name(), t.dim.name(), name, value));
  }
}

}  // namespace dff::ui
