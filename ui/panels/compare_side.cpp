#include <QHBoxLayout>
#include <QIntValidator>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/flow/flow_source.h"
#include "core/flow/propagator.h"
#include "ui/look/kind_words.h"
#include "ui/panels/compare_panel.h"

namespace dff::ui {
namespace {

constexpr int kMaxInterval = 30, kRow = 25;
using Kind = Configuration::Kind;

}  // namespace

CompareSide::CompareSide(Look& look, Session& session, CompareSession& compare, size_t side, QWidget* parent)
    : QWidget(parent),
      look_(look),
      session_(session),
      compare_(compare),
      side_(side),
      name_(side == 0 ? tr("Left") : tr("Right")) {
  auto* layout = column(this);
  layout->addWidget(makeTop());
  kind_ = new Choice(look, "", this);
  kind_->setAccessibleName(tr("%1: what it shows").arg(name_));
  layout->addWidget(kind_);
  layout->addWidget(intervalBox_ = makeInterval());
  layout->addWidget(ways_ = makeWays());
  layout->addSpacing(6);
  now_ = makeLine(tr("this frame"), tr("What the networks took for it, prepare to labels, measured here"));
  mean_ = makeLine(tr("mean of a frame"), tr("Medians of key and of other frames, one key in an interval"));
  miou_ = makeLine(tr("mIoU, this frame"), tr("Against its label image: mean over the classes that are in it"));
  probe_ = makeLine(tr("class at the probe"), tr("Shift and click a place in the picture"));
  connect(kind_, &Choice::chosen, this, [this](const QString& id) {
    change([&](Configuration& c) {
      c.kind = id == "truth" ? Kind::Truth : id == "each" ? Kind::PerFrame : Kind::Propagated;
    });
  });
  connect(&compare, &CompareSession::changed, this, &CompareSide::refresh);
  connect(&session, &Session::probeChanged, this, &CompareSide::refreshFigures);
  connect(&compare, &CompareSession::comparisonChanged, this, &CompareSide::refreshFigures);
  connect(&look, &Look::changed, this, &CompareSide::refresh);
  refresh();
}

QWidget* CompareSide::makeTop() {
  auto* top = new QWidget(this);
  auto* across = row(top);
  across->addWidget(heading(name_, top).row);
  auto* use = new QPushButton(tr("use in the studio"), top);
  use->setProperty("role", "link");
  use->setToolTip(tr("Watch and Inspect take over this side's interval, flow source and propagation"));
  use->setFocusPolicy(Qt::TabFocus);
  across->addWidget(use);
  connect(use, &QPushButton::clicked, this, [this] { compare_.useInStudio(side_); });
  return top;
}

QWidget* CompareSide::makeWays() {
  auto* ways = new QWidget(this);
  auto* choices = row(ways);
  choices->addWidget(propagation_ = new Choice(look_, "", ways));
  choices->addWidget(flow_ = new Choice(look_, tr("flow"), ways));
  propagation_->setItems(itemsOf(knownPropagators()));
  propagation_->setAccessibleName(tr("%1: propagation").arg(name_));
  propagation_->setToolTip(tr("How features travel from key frames to the others"));
  flow_->setItems(itemsOf(flowChoices()));
  flow_->setAccessibleName(tr("%1: flow source").arg(name_));
  flow_->setToolTip(tr("Where motion comes from; without motion there is only causal propagation"));
  connect(flow_, &Choice::chosen, this,
          [this](const QString& id) { change([&](Configuration& c) { c.flow = id.toStdString(); }); });
  connect(propagation_, &Choice::chosen, this,
          [this](const QString& id) { change([&](Configuration& c) { c.propagate = id.toStdString(); }); });
  return ways;
}

QWidget* CompareSide::makeInterval() {
  auto* box = new QWidget(this);
  box->setToolTip(tr("Frames from one run of the heavy network to the next"));
  auto* layout = row(box);
  layout->addWidget(dimLabel(tr("interval"), box));
  layout->addWidget(slider_ = new Slider(look_, 1, kMaxInterval, box));
  slider_->setAccent(&Theme::key);
  slider_->setAccessibleName(tr("Key-frame interval"));
  interval_ = new QLineEdit(box);
  interval_->setProperty("role", "figure");
  interval_->setFont(look_.figures(14, QFont::DemiBold));
  interval_->setFixedWidth(34);
  interval_->setAlignment(Qt::AlignRight);
  interval_->setValidator(new QIntValidator(1, kMaxInterval, interval_));
  interval_->setFocusPolicy(Qt::ClickFocus);
  interval_->setAccessibleName(tr("Key-frame interval"));
  layout->addWidget(interval_);
  box->setFixedHeight(34);
  connect(slider_, &Slider::moved, this, [this](int value) { change([&](Configuration& c) { c.interval = value; }); });
  connect(interval_, &QLineEdit::editingFinished, this, [this] {
    const int typed = interval_->text().toInt();
    if (typed != compare_.side(side_).interval) change([&](Configuration& c) { c.interval = typed; });
    interval_->clearFocus();
  });
  return box;
}

CompareSide::Line CompareSide::makeLine(const QString& what, const QString& tip) {
  Line line{new QWidget(this), nullptr};
  line.box->setFixedHeight(kRow);
  line.box->setToolTip(tip);
  auto* layout = row(line.box);
  layout->addWidget(dimLabel(what, line.box));
  layout->addStretch();
  layout->addWidget(line.value = figureLabel(look_, line.box));
  this->layout()->addWidget(line.box);
  return line;
}

void CompareSide::change(const std::function<void(Configuration&)>& edit) {
  Configuration c = compare_.side(side_);
  edit(c);
  compare_.setSide(side_, c);
}

void CompareSide::refresh() {
  const Configuration& c = compare_.side(side_);
  std::vector<Choice::Item> kinds = {
      {"propagated", tr("propagated from key frames"), tr("The heavy network runs on key frames only")},
      {"each", tr("per-frame inference"), tr("The heavy network runs on every frame")}};
  if (!compare_.truth().isEmpty()) kinds.push_back({"truth", tr("ground truth"), tr("The label images of the folder")});
  kind_->setItems(kinds);
  kind_->setCurrent(c.kind == Kind::Truth ? "truth" : c.kind == Kind::PerFrame ? "each" : "propagated");
  const bool propagated = c.kind == Kind::Propagated;
  intervalBox_->setVisible(propagated);
  ways_->setVisible(propagated);
  slider_->setValue(c.interval);
  interval_->setStyleSheet("color: " + look_.theme().key.name());
  if (!interval_->hasFocus()) interval_->setText(QString::number(c.interval));
  flow_->setCurrent(QString::fromStdString(c.flow));
  propagation_->setCurrent(QString::fromStdString(c.propagate));
  refreshFigures();
}

QString CompareSide::classAtProbe(const ComparedSide& made) const {
  const cv::Mat& labels = made.result.labels;
  if (labels.empty()) return "–";
  const QPointF at = *session_.probe();
  const int x = std::clamp(int(at.x() * labels.cols), 0, labels.cols - 1);
  const int y = std::clamp(int(at.y() * labels.rows), 0, labels.rows - 1);
  const size_t label = labels.at<uint8_t>(y, x);
  const auto& classes = compare_.news().classes;
  return label < classes.size() ? QString::fromStdString(classes[label].name) : tr("none (void)");
}

void CompareSide::refreshFigures() {
  const ComparisonPtr c = compare_.comparison();
  const ComparedSide* made = c && !compare_.stale() ? &c->sides[side_] : nullptr;
  const Configuration& wanted = compare_.side(side_);
  const auto ms = [](double value) { return QString::number(value, 'f', 1) + " ms"; };
  const CostReading cost = compare_.news().costs[side_].reading(1.0 / wanted.keyInterval());
  for (Line* line : {&now_, &mean_}) line->box->setVisible(wanted.infers());
  now_.value->setText(made && made->ms >= 0 ? ms(made->ms) : "–");
  mean_.value->setText(cost.known ? ms(cost.meanMs) : "–");
  miou_.box->setVisible(wanted.infers() && !compare_.truth().isEmpty());
  miou_.value->setText(made && made->miou ? QString::number(*made->miou, 'f', 3) : "–");
  probe_.box->setVisible(session_.probe().has_value());
  if (session_.probe()) probe_.value->setText(c ? classAtProbe(c->sides[side_]) : "–");
}

}  // namespace dff::ui
