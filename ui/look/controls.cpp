#include "ui/look/controls.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace dff::ui {
namespace {
constexpr double kHandle = 6;  // radius
constexpr int kLineAt = 12;    // of the slider, from the top
}  // namespace

Slider::Slider(Look& look, int min, int max, QWidget* parent)
    : QWidget(parent), look_(look), min_(min), max_(max), value_(min) {
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(&look_, &Look::changed, this, qOverload<>(&QWidget::update));
}

QSize Slider::sizeHint() const { return {64, ticks_.empty() ? 2 * kLineAt : 42}; }

void Slider::setTicks(std::vector<int> ticks) {
  ticks_ = std::move(ticks);
  updateGeometry();
}

void Slider::setValue(int value) {
  value_ = std::clamp(value, min_, max_);
  update();
}

void Slider::setRange(int min, int max) {
  min_ = min;
  max_ = std::max(min, max);
  setValue(value_);
}

void Slider::setLit(bool lit) {
  lit_ = lit;
  update();
}

double Slider::xOf(int value) const {
  return kHandle + (width() - 2 * kHandle) * double(value - min_) / std::max(1, max_ - min_);
}

void Slider::paintEvent(QPaintEvent*) {
  const Theme& t = look_.theme();
  QPainter p(this);
  p.setRenderHint(QPainter::Antialiasing);
  p.setPen(Qt::NoPen);
  const double x = xOf(value_);
  p.setBrush(t.line);
  p.drawRoundedRect(QRectF(0, kLineAt - 1.5, width(), 3), 1.5, 1.5);
  p.setBrush(accent_ ? t.*accent_ : lit_ ? t.dim : t.faint);
  p.drawRoundedRect(QRectF(0, kLineAt - 1.5, x, 3), 1.5, 1.5);
  p.setBrush(lit_ ? t.text : t.faint);
  if (hasFocus()) p.setPen(QPen(t.action, 2));
  p.drawEllipse(QPointF(x, kLineAt), kHandle, kHandle);
  p.setFont(look_.figures(10));
  p.setPen(t.faint);
  for (int tick : ticks_) {
    const double width = p.fontMetrics().horizontalAdvance(QString::number(tick));
    const double left = std::clamp(xOf(tick) - width / 2, 0.0, this->width() - width);
    p.drawText(QPointF(left, height() - 6), QString::number(tick));
  }
}

void Slider::take(int value) {
  value = std::clamp(value, min_, max_);
  if (value == value_) return;
  value_ = value;
  update();
  Q_EMIT moved(value_);
}

void Slider::takeAt(double x) {
  take(min_ + int(std::lround((x - kHandle) / std::max(1.0, width() - 2 * kHandle) * (max_ - min_))));
}

void Slider::mousePressEvent(QMouseEvent* e) { takeAt(e->position().x()); }
void Slider::mouseMoveEvent(QMouseEvent* e) { takeAt(e->position().x()); }
void Slider::wheelEvent(QWheelEvent* e) {
  take(value_ + (e->angleDelta().y() > 0 ? 1 : -1) * std::max(1, (max_ - min_) / 30));
}

void Slider::keyPressEvent(QKeyEvent* e) {
  const int step = std::max(1, (max_ - min_) / 50);
  if (e->key() == Qt::Key_Up) return take(value_ + step);
  if (e->key() == Qt::Key_Down) return take(value_ - step);
  QWidget::keyPressEvent(e);  // left and right step through frames wherever the focus is
}

Choice::Choice(Look& look, const QString& word, QWidget* parent) : QAbstractButton(parent), look_(look), word_(word) {
  setFocusPolicy(Qt::StrongFocus);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setAccessibleName(word);
  connect(this, &QAbstractButton::clicked, this, &Choice::popUp);
  connect(&look_, &Look::changed, this, qOverload<>(&QWidget::update));
}

QSize Choice::sizeHint() const { return {120, 28}; }

void Choice::setItems(std::vector<Item> items) {
  items_ = std::move(items);
  update();
}

void Choice::setCurrent(const QString& id) {
  current_ = id;
  update();
}

void Choice::popUp() {
  QMenu menu(this);
  menu.setMinimumWidth(width());
  menu.setToolTipsVisible(true);
  for (const Item& item : items_) {
    QAction* action = menu.addAction(item.shown);
    action->setToolTip(item.help);
    connect(action, &QAction::triggered, this, [this, id = item.id] {
      setCurrent(id);
      Q_EMIT chosen(id);
    });
  }
  menu.exec(mapToGlobal(QPoint(0, height() + 2)));
}

void Choice::paintEvent(QPaintEvent*) {
  const Theme& t = look_.theme();
  QPainter p(this);
  p.setRenderHint(QPainter::Antialiasing);
  p.setPen(hasFocus() ? t.action : t.line);
  if (underMouse()) p.setBrush(t.raised);
  p.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
  int x = 9;
  if (!word_.isEmpty()) {
    p.setFont(look_.words(12));
    p.setPen(t.dim);
    p.drawText(QRect(x, 0, width(), height()), Qt::AlignVCenter, word_);
    x += p.fontMetrics().horizontalAdvance(word_) + 6;
  }
  const auto found = std::find_if(items_.begin(), items_.end(), [&](const Item& i) { return i.id == current_; });
  p.setFont(look_.words(12, QFont::Medium));
  p.setPen(isEnabled() ? t.text : t.faint);
  p.drawText(QRect(x, 0, width() - x - 22, height()), Qt::AlignVCenter,
             found == items_.end() ? current_ : found->shown);
  p.drawPixmap(width() - 20, height() / 2 - 6, look_.icon("down", t.dim, devicePixelRatioF(), 12));
}

Check::Check(Look& look, const QString& text, QWidget* parent) : QCheckBox(text, parent), look_(look) {
  connect(&look_, &Look::changed, this, qOverload<>(&QWidget::update));
}

void Check::paintEvent(QPaintEvent*) {
  const Theme& t = look_.theme();
  QPainter p(this);
  p.setRenderHint(QPainter::Antialiasing);
  const QRectF box(0.5, height() / 2.0 - 6.5, 13, 13);
  p.setPen(hasFocus() ? t.text : isChecked() ? t.action : t.faint);
  p.setBrush(isChecked() ? QBrush(t.action) : QBrush());
  p.drawRoundedRect(box, 3, 3);
  if (isChecked())
    p.drawPixmap(QPointF(2, height() / 2.0 - 5), look_.icon("check", t.onAction, devicePixelRatioF(), 10));
  p.setPen(!isEnabled() ? t.faint : isChecked() ? t.text : t.dim);
  p.setFont(look_.words());
  p.drawText(rect().adjusted(22, 0, 0, 0), Qt::AlignVCenter, text());
}

Heading heading(const QString& text, QWidget* parent) {
  Heading made{new QWidget(parent), nullptr};
  made.row->setFixedHeight(28);
  auto* layout = row(made.row);
  auto* title = new QLabel(text, made.row);
  title->setProperty("role", "heading");
  made.remark = new QLabel(made.row);
  made.remark->setProperty("role", "remark");
  layout->addWidget(title);
  layout->addStretch();
  layout->addWidget(made.remark);
  return made;
}

Heading panelHeading(const QString& text, QWidget* parent) {
  Heading made = heading(text, parent);
  made.row->setObjectName("panelTitle");
  made.remark->setObjectName("remark");
  return made;
}

QLabel* dimLabel(const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setProperty("role", "dim");
  return label;
}

QLabel* figureLabel(Look& look, QWidget* parent, int pixels) {
  auto* label = new QLabel(parent);
  label->setFont(look.figures(pixels));
  return label;
}

QVBoxLayout* column(QWidget* parent, int spacing) {
  auto* layout = new QVBoxLayout(parent);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(spacing);
  return layout;
}

QHBoxLayout* row(QWidget* parent, int spacing) {
  auto* layout = new QHBoxLayout(parent);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(spacing);
  return layout;
}

QWidget* hairline(QWidget* parent) {
  auto* line = new QWidget(parent);
  line->setObjectName("line");
  line->setAttribute(Qt::WA_StyledBackground);
  line->setFixedHeight(1);
  return line;
}

}  // namespace dff::ui
