#include "ui/panels/layers_panel.h"

#include <QHBoxLayout>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace dff::ui {
namespace {

constexpr int kRow = 28, kDense = 25;
const QLatin1String kImage("image");  // no layer of the painter: what it paints on

struct LayerRow {
  const char* layer;
  const char* name;
  const char* tip;
  double OverlayOptions::*opacity;
};
constexpr LayerRow kRows[] = {
    {"image", QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Image"),
     QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "The picture below the layers"), &OverlayOptions::imageOpacity},
    {"seg", QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Segmentation"),
     QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "The class of every pixel, as colour"), &OverlayOptions::opacity},
    {"contours", QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Contours"),
     QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Lines between the classes"), &OverlayOptions::contourOpacity},
    {"boxes", QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Boxes"),
     QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Objects with their class, how sure that is, and their track"),
     &OverlayOptions::boxOpacity},
    {"flow", QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Flow"),
     QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Motion to the key frame: hue is direction, strength is length"),
     &OverlayOptions::flowOpacity},
    {"arrows", QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Flow arrows"),
     QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Motion to the key frame, as arrows"), &OverlayOptions::arrowOpacity},
    {"heat", QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Feature heat map"),
     QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Activation of the feature map, in its cells"),
     &OverlayOptions::heatOpacity},
    {"trust", QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Trust"),
     QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Darkens where the propagated feature is not to be trusted"),
     &OverlayOptions::trustOpacity},
    {"sides", QT_TRANSLATE_NOOP("dff::ui::LayersPanel", "Which key"),
     QT_TRANSLATE_NOOP("dff::ui::LayersPanel",
                       "Two-sided: amber came from the key frame before, cyan from the one after"),
     &OverlayOptions::sidesOpacity},
};

}  // namespace

template <class T>
void LayersPanel::set(T OverlayOptions::*member, T value) {
  OverlayOptions layers = session_.layers();
  layers.*member = value;
  session_.setLayers(layers);
}

LayersPanel::LayersPanel(Look& look, Session& session, QWidget* parent)
    : QWidget(parent), look_(look), session_(session) {
  auto* layout = column(this);
  layout->addWidget(panelHeading(tr("Layers"), this).row);
  for (const LayerRow& r : kRows) {
    QWidget* line = addRow(r.layer, tr(r.name), r.opacity);
    line->setToolTip(tr(r.tip));
    layout->addWidget(line);
    if (r.layer != QLatin1String("heat")) continue;
    channel_ = addSetting(tr("Channel"), -1, -1, tr("Which channel of the feature map, or the mean of all"));
    connect(channel_.slider, &Slider::moved, this, [this](int channel) { set(&OverlayOptions::heatChannel, channel); });
    layout->addWidget(channel_.line);
  }
  layout->addSpacing(12);
  const Heading classes = heading(tr("Classes"), this);
  classes.remark->setText(tr("share · mean margin"));
  layout->addWidget(classes.row);
  layout->addWidget(new ClassList(look, session, this));
  layout->addSpacing(12);
  layout->addWidget(boxes_ = makeBoxes());
  layout->addStretch();
  connect(&session, &Session::layersChanged, this, &LayersPanel::refresh);
  connect(&session, &Session::readingsChanged, this, &LayersPanel::refresh);
  connect(&session, &Session::frameChanged, this, &LayersPanel::refreshBoxes);
  connect(&look, &Look::changed, this, &LayersPanel::refresh);
  refresh();
}

LayersPanel::Setting LayersPanel::addSetting(const QString& name, int min, int max, const QString& tip) {
  Setting made{new QWidget(this), nullptr, nullptr};
  made.line->setFixedHeight(kRow);
  made.line->setToolTip(tip);
  auto* layout = row(made.line, 8);
  made.slider = new Slider(look_, min, max, made.line);
  made.slider->setFixedWidth(64);
  made.slider->setAccessibleName(name);
  made.figure = figureLabel(look_, made.line);
  made.figure->setFixedWidth(36);
  made.figure->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  layout->addWidget(dimLabel(name, made.line));
  layout->addStretch();
  layout->addWidget(made.slider);
  layout->addWidget(made.figure);
  return made;
}

QWidget* LayersPanel::makeBoxes() {
  auto* box = new QWidget(this);
  auto* layout = column(box);
  const Heading title = heading(tr("Boxes"), box);
  counted_ = title.remark;
  layout->addWidget(title.row);
  score_ = addSetting(tr("Score at least"), 0, 100, tr("Boxes that the network is less sure of are not drawn"));
  layout->addWidget(score_.line);
  layout->addWidget(trackIds_ = new Check(look_, tr("Track ids"), box));
  trackIds_->setToolTip(tr("Write the number of its track beside each box"));
  connect(score_.slider, &Slider::moved, this,
          [this](int percent) { set(&OverlayOptions::boxScore, percent / 100.0); });
  connect(trackIds_, &QCheckBox::clicked, this, [this](bool on) { set(&OverlayOptions::trackIds, on); });
  return box;
}

QWidget* LayersPanel::addRow(const char* layer, const QString& name, double OverlayOptions::*opacity) {
  auto* line = new QWidget(this);
  line->setFixedHeight(kRow);
  auto* layout = row(line, 8);
  Row r{layer, new QToolButton(line), new QLabel(name, line), new Slider(look_, 0, 100, line), opacity, line};
  r.eye->setProperty("role", "eye");
  r.eye->setAccessibleName(tr("show %1").arg(name));
  r.slider->setFixedWidth(64);
  r.slider->setAccessibleName(tr("opacity of %1").arg(name));
  layout->addWidget(r.eye);
  layout->addWidget(r.name);
  layout->addStretch();
  layout->addWidget(r.slider);
  connect(r.eye, &QToolButton::clicked, this, [this, layer] {
    if (layer == kImage) return set(&OverlayOptions::imageOpacity, session_.layers().imageOpacity > 0 ? 0.0 : 1.0);
    session_.setLayer(layer, !session_.hasLayer(layer));
  });
  connect(r.slider, &Slider::moved, this, [this, opacity](int percent) { set(opacity, percent / 100.0); });
  rows_.push_back(r);
  return line;
}

void LayersPanel::refresh() {
  const bool findsBoxes = !session_.news().boxClasses.empty();
  const OverlayOptions& layers = session_.layers();
  for (const Row& r : rows_) {
    const bool on = r.layer == kImage ? layers.imageOpacity > 0 : session_.overlaysOn() && session_.hasLayer(r.layer);
    const Theme& t = look_.theme();
    r.eye->setIcon(look_.icon(on ? "eye" : "eye_off", on ? t.text : t.faint));
    r.name->setProperty("role", on ? "" : "dim");
    r.name->style()->polish(r.name);
    r.slider->setLit(on);
    r.slider->setValue(int(std::lround(layers.*r.opacity * 100)));
    if (r.layer == QLatin1String("boxes")) r.line->setVisible(findsBoxes);
    if (r.layer == QLatin1String("sides")) r.line->setVisible(session_.tuning().keys.readsAhead);
  }
  channel_.line->setVisible(session_.hasLayer("heat"));
  channel_.slider->setRange(-1, session_.news().channels - 1);
  channel_.slider->setValue(layers.heatChannel);
  channel_.figure->setText(layers.heatChannel < 0 ? tr("mean") : QString::number(layers.heatChannel));
  boxes_->setVisible(findsBoxes);
  score_.slider->setValue(int(std::lround(layers.boxScore * 100)));
  score_.figure->setText(QString::number(layers.boxScore, 'f', 2));
  trackIds_->setChecked(layers.trackIds);
  refreshBoxes();
}

void LayersPanel::refreshBoxes() {
  const double least = session_.layers().boxScore;
  const auto overlaid = session_.overlaid();
  if (!overlaid) return counted_->clear();
  const auto& boxes = overlaid->result.boxes;
  const auto shown =
      std::count_if(boxes.begin(), boxes.end(), [&](const ObjectBox& box) { return box.score >= least; });
  counted_->setText(tr("%1 of %2 above %3").arg(shown).arg(boxes.size()).arg(least, 0, 'f', 2));
}

ClassList::ClassList(Look& look, Session& session, QWidget* parent) : QWidget(parent), look_(look), session_(session) {
  connect(&session, &Session::frameChanged, this, &ClassList::refresh);
  connect(&session, &Session::readingsChanged, this, &ClassList::refresh);
  connect(&session, &Session::layersChanged, this, qOverload<>(&QWidget::update));
  connect(&look, &Look::changed, this, qOverload<>(&QWidget::update));
  setAccessibleName(tr("Classes"));
}

QSize ClassList::sizeHint() const { return {200, int(classes_.size()) * kDense}; }

void ClassList::refresh() {
  if (classes_.size() != session_.news().classes.size()) {
    classes_ = session_.news().classes;
    setFixedHeight(sizeHint().height());
    updateGeometry();
  }
  shares_.clear();
  margins_.clear();
  if (const auto overlaid = session_.overlaid(); overlaid && !overlaid->result.labels.empty()) {
    std::array<int64_t, 256> counts{};
    const cv::Mat& labels = overlaid->result.labels;
    margins_ = overlaid->result.classMargin;
    for (int y = 0; y < labels.rows; ++y)
      for (const uint8_t* p = labels.ptr(y); p != labels.ptr(y) + labels.cols; ++p) ++counts[*p];
    for (size_t i = 0; i < classes_.size(); ++i) shares_.push_back(double(counts[i]) / double(labels.total()));
  }
  update();
}

bool ClassList::isHidden(size_t row) const {
  const auto& hidden = session_.layers().hide;
  return std::count(hidden.begin(), hidden.end(), classes_[row].name) > 0;
}

void ClassList::paintEvent(QPaintEvent*) {
  const Theme& t = look_.theme();
  QPainter p(this);
  p.setRenderHint(QPainter::Antialiasing);
  for (size_t i = 0; i < classes_.size(); ++i) {
    const auto& c = classes_[i].displayColor;
    const QRectF line(0, double(i) * kDense, width(), kDense);
    const bool shown = !isHidden(i);
    p.setPen(shown ? Qt::NoPen : QPen(t.faint));
    p.setBrush(shown ? QBrush(QColor(c[0], c[1], c[2])) : QBrush());
    p.drawRoundedRect(QRectF(1, line.center().y() - 5, 10, 10), 2, 2);
    p.setFont(look_.words());
    p.setPen(shown ? t.text : t.faint);
    p.drawText(line.adjusted(20, 0, 0, 0), Qt::AlignVCenter, QString::fromStdString(classes_[i].name));
    const double share = i < shares_.size() ? shares_[i] : -1;
    if (share < 0) continue;
    const QRectF bar(width() - 104, line.center().y() - 1, 56, 2);
    p.setPen(Qt::NoPen);
    p.fillRect(bar, t.line);
    p.fillRect(QRectF(bar.topLeft(), QSizeF(bar.width() * share, 2)), QColor(c[0], c[1], c[2]));
    p.setFont(look_.figures(11));
    p.setPen(t.dim);
    if (i < margins_.size() && margins_[i] >= 0)
      p.drawText(line, Qt::AlignVCenter | Qt::AlignRight, QString::number(margins_[i], 'f', 2));
  }
}

void ClassList::mousePressEvent(QMouseEvent* e) {
  const size_t row = size_t(e->position().y() / kDense);
  if (row >= classes_.size()) return;
  OverlayOptions layers = session_.layers();
  if (!std::erase(layers.hide, classes_[row].name)) layers.hide.push_back(classes_[row].name);
  session_.setLayers(layers);
}

QString ClassList::tipOf(size_t row) const {
  QString tip;
  if (row < shares_.size()) tip = tr("%1 % of the picture").arg(100 * shares_[row], 0, 'f', 1);
  if (row < margins_.size() && margins_[row] >= 0)
    tip += tr("\nmargin %1: mean probability of the class less that of the second").arg(margins_[row], 0, 'f', 2);
  return tip + "\n" + (isHidden(row) ? tr("click: draw this class") : tr("click: hide this class"));
}

bool ClassList::event(QEvent* e) {
  if (e->type() != QEvent::ToolTip) return QWidget::event(e);
  const auto* help = static_cast<QHelpEvent*>(e);
  const size_t row = size_t(help->pos().y() / kDense);
  if (row < classes_.size()) QToolTip::showText(help->globalPos(), tipOf(row), this);
  return true;
}

}  // namespace dff::ui
