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

struct LayerRow {
  const char* layer;
  const char* name;
  const char* tip;
  double OverlayOptions::*opacity;
};
constexpr LayerRow kRows[] = {
    {"seg", QT_TR_NOOP("Segmentation"), QT_TR_NOOP("The class of every pixel, as colour"), &OverlayOptions::opacity},
    {"contours", QT_TR_NOOP("Contours"), QT_TR_NOOP("Lines between the classes"), &OverlayOptions::contourOpacity},
    {"flow", QT_TR_NOOP("Flow"), QT_TR_NOOP("Motion to the key frame: hue is direction, strength is length"),
     &OverlayOptions::flowOpacity},
    {"heat", QT_TR_NOOP("Feature heat map"), QT_TR_NOOP("Mean activation of the feature map, in its cells"),
     &OverlayOptions::heatOpacity},
    {"trust", QT_TR_NOOP("Trust"), QT_TR_NOOP("Darkens where the propagated feature is not to be trusted"),
     &OverlayOptions::trustOpacity},
};

}  // namespace

LayersPanel::LayersPanel(Look& look, Session& session, QWidget* parent)
    : QWidget(parent), look_(look), session_(session) {
  auto* layout = column(this);
  layout->addWidget(heading(tr("Layers"), this).row);
  for (const LayerRow& r : kRows) {
    QWidget* line = addRow(r.layer, tr(r.name), r.opacity);
    line->setToolTip(tr(r.tip));
    layout->addWidget(line);
  }
  layout->addSpacing(12);
  const Heading classes = heading(tr("Classes"), this);
  classes.remark->setText(tr("share of the picture"));
  layout->addWidget(classes.row);
  layout->addWidget(new ClassList(look, session, this));
  layout->addStretch();
  connect(&session, &Session::layersChanged, this, &LayersPanel::refresh);
  connect(&look, &Look::changed, this, &LayersPanel::refresh);
  refresh();
}

QWidget* LayersPanel::addRow(const char* layer, const QString& name, double OverlayOptions::*opacity) {
  auto* line = new QWidget(this);
  line->setFixedHeight(kRow);
  auto* layout = row(line, 8);
  Row r{layer, new QToolButton(line), new QLabel(name, line), new Slider(look_, 0, 100, line), opacity};
  r.eye->setProperty("role", "eye");
  r.eye->setAccessibleName(tr("show %1").arg(name));
  r.slider->setFixedWidth(64);
  r.slider->setAccessibleName(tr("opacity of %1").arg(name));
  layout->addWidget(r.eye);
  layout->addWidget(r.name);
  layout->addStretch();
  layout->addWidget(r.slider);
  connect(r.eye, &QToolButton::clicked, this, [this, layer] { session_.setLayer(layer, !session_.hasLayer(layer)); });
  connect(r.slider, &Slider::moved, this, [this, opacity](int percent) {
    OverlayOptions layers = session_.layers();
    layers.*opacity = percent / 100.0;
    session_.setLayers(layers);
  });
  rows_.push_back(r);
  return line;
}

void LayersPanel::refresh() {
  for (const Row& r : rows_) {
    const bool on = session_.overlaysOn() && session_.hasLayer(r.layer);
    const Theme& t = look_.theme();
    r.eye->setIcon(look_.icon(on ? "eye" : "eye_off", on ? t.text : t.faint));
    r.name->setProperty("role", on ? "" : "dim");
    r.name->style()->polish(r.name);
    r.slider->setLit(on);
    r.slider->setValue(int(std::lround(session_.layers().*r.opacity * 100)));
  }
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
  if (const auto overlaid = session_.overlaid(); overlaid && !overlaid->result.labels.empty()) {
    std::array<int64_t, 256> counts{};
    const cv::Mat& labels = overlaid->result.labels;
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
    p.drawText(line, Qt::AlignVCenter | Qt::AlignRight, QString::number(100 * share, 'f', 1) + " %");
  }
}

void ClassList::mousePressEvent(QMouseEvent* e) {
  const size_t row = size_t(e->position().y() / kDense);
  if (row >= classes_.size()) return;
  OverlayOptions layers = session_.layers();
  if (!std::erase(layers.hide, classes_[row].name)) layers.hide.push_back(classes_[row].name);
  session_.setLayers(layers);
}

bool ClassList::event(QEvent* e) {
  if (e->type() != QEvent::ToolTip) return QWidget::event(e);
  const auto* help = static_cast<QHelpEvent*>(e);
  const size_t row = size_t(help->pos().y() / kDense);
  if (row < classes_.size())
    QToolTip::showText(help->globalPos(), isHidden(row) ? tr("click: draw this class") : tr("click: hide this class"),
                       this);
  return true;
}

}  // namespace dff::ui
