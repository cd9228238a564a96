#include <QKeyEvent>
#include <QPainter>
#include <algorithm>

#include "ui/look/kind_words.h"
#include "ui/view/explore_view.h"

namespace dff::ui {
namespace {

constexpr int kRow = 25, kHead = 30, kSide = 12;

QString percent(double share) { return share < 0 ? QString("–") : QString::number(100 * share, 'f', 1); }

/// The cells of a row; the first two are words.
QStringList cellsOf(const SweepPoint& p) {
  return {p.perFrame()       ? QObject::tr("per frame")
          : p.flow == "copy" ? wordOf("copy")
                             : wordOf(p.flow),
          p.perFrame() || p.flow == "copy" ? QString() : wordOf(p.propagate),
          QString::number(p.interval),
          percent(p.agreement),
          percent(p.miou),
          QString::number(p.msPerFrame, 'f', 1),
          QString::number(p.speedUp, 'f', 1) + "×",
          QString::number(p.modelMs, 'f', 1)};
}

QStringList heads() {
  return {QObject::tr("flow source"), QObject::tr("propagation"),  QObject::tr("interval"),
          QObject::tr("agreement %"), QObject::tr("mIoU %"),       QObject::tr("ms / frame"),
          QObject::tr("speed"),       QObject::tr("cost model ms")};
}

constexpr int kWords = 2, kMiou = 4;

}  // namespace

SweepTable::SweepTable(Look& look, ExploreSession& explore, QWidget* parent)
    : QWidget(parent), look_(look), explore_(explore) {
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Settings that were run"));
  connect(&explore, &ExploreSession::changed, this, &SweepTable::refresh);
  connect(&look, &Look::changed, this, qOverload<>(&QWidget::update));
  refresh();
}

void SweepTable::refresh() {
  const int rows = int(explore_.report().points.size());
  marked_ = std::min(marked_, rows - 1);
  setFixedHeight(kHead + rows * kRow + 8);
  update();
}

QRect SweepTable::rowRect(int row) const { return {0, kHead + row * kRow, width(), kRow}; }

/// Those that have something to say.
std::vector<int> SweepTable::columns() const {
  std::vector<int> shown;
  for (int c = 0; c < heads().size(); ++c)
    if (c != kMiou || explore_.hasMiou()) shown.push_back(c);
  return shown;
}

void SweepTable::paintEvent(QPaintEvent*) {
  const Theme& t = look_.theme();
  QPainter p(this);
  p.fillRect(rect(), t.bg);
  const auto shown = columns();
  const double each = double(width() - 2 * kSide) / double(shown.size());
  const auto cell = [&](size_t place, const QRect& line) {
    return QRectF(kSide + double(place) * each, line.top(), each, line.height());
  };
  const auto aligned = [](int column) { return Qt::AlignVCenter | (column < kWords ? Qt::AlignLeft : Qt::AlignRight); };
  p.setFont(look_.words(12));
  p.setPen(t.dim);
  for (size_t i = 0; i < shown.size(); ++i)
    p.drawText(cell(i, QRect(0, 0, width(), kHead - 2)), aligned(shown[i]), heads()[shown[i]]);
  p.fillRect(0, kHead - 2, width(), 1, t.line);
  const auto& points = explore_.report().points;
  const auto current = explore_.current();
  for (size_t row = 0; row < points.size(); ++row) {
    const QRect line = rowRect(int(row));
    const bool now = current && *current == row;
    if (now) p.fillRect(line, t.raised);
    const QStringList cells = cellsOf(points[row]);
    for (size_t i = 0; i < shown.size(); ++i) {
      p.setFont(shown[i] < kWords ? look_.words() : look_.figures());
      p.setPen(now && shown[i] == kWords ? t.key : t.text);
      p.drawText(cell(i, line), aligned(shown[i]), cells[shown[i]]);
    }
    if (hasFocus() && int(row) == marked_) {
      p.setPen(t.action);
      p.setBrush(Qt::NoBrush);
      p.drawRect(line.adjusted(0, 0, -1, -1));
    }
  }
}

void SweepTable::mousePressEvent(QMouseEvent* e) {
  const int row = (int(e->position().y()) - kHead) / kRow;
  if (e->position().y() < kHead || row >= int(explore_.report().points.size())) return;
  marked_ = row;
  explore_.take(size_t(row));
}

void SweepTable::keyPressEvent(QKeyEvent* e) {
  const int rows = int(explore_.report().points.size());
  if (e->key() == Qt::Key_Return || e->key() == Qt::Key_Enter) {
    if (marked_ >= 0) explore_.take(size_t(marked_));
  } else if ((e->key() == Qt::Key_Up || e->key() == Qt::Key_Down) && rows > 0) {
    marked_ = std::clamp(marked_ + (e->key() == Qt::Key_Down ? 1 : -1), 0, rows - 1);
    update();
    Q_EMIT rowMarked(rowRect(marked_));
  } else {
    QWidget::keyPressEvent(e);
  }
}

}  // namespace dff::ui
