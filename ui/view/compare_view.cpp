#include "ui/view/compare_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <cmath>

#include "ui/look/kind_words.h"
#include "ui/look/words.h"

namespace dff::ui {
namespace {
constexpr int kLine = 24;  // pixels that can be grasped
constexpr double kHandle = 9;
}  // namespace

WipeLine::WipeLine(Look& look, QWidget* parent) : QWidget(parent), look_(look) {
  setCursor(Qt::SplitHCursor);
  setAccessibleName(tr("Divider of the wipe"));
  setToolTip(tr("Drag to wipe between the two sides  ([ and ])"));
}

void WipeLine::paintEvent(QPaintEvent*) {
  const Theme& t = look_.theme();
  QPainter p(this);
  p.setRenderHint(QPainter::Antialiasing);
  const double x = width() / 2.0, y = height() / 2.0;
  for (const auto& [color, wide] : {std::pair(t.plate, 4.0), std::pair(t.plateText, 1.6)}) {
    p.setPen(QPen(color, wide));
    p.drawLine(QPointF(x, 0), QPointF(x, height()));
  }
  p.setPen(QPen(t.plate, 1.5));
  p.setBrush(t.plateText);
  p.drawEllipse(QPointF(x, y), kHandle, kHandle);
  p.setPen(Qt::NoPen);
  QColor arrow = t.plate;
  arrow.setAlpha(255);
  p.setBrush(arrow);
  for (int side : {-1, 1})
    p.drawPolygon(QPolygonF({{x + side * 6, y}, {x + side * 2, y - 3.5}, {x + side * 2, y + 3.5}}));
}

void WipeLine::mouseMoveEvent(QMouseEvent* e) {
  if (e->buttons() & Qt::LeftButton) Q_EMIT dragged(mapToParent(e->position()).x());
}

CompareView::CompareView(Look& look, Session& session, CompareSession& compare, QWidget* parent)
    : QWidget(parent), look_(look), session_(session), compare_(compare) {
  setMinimumSize(240, 120);
  for (size_t i : {0u, 1u}) {
    pictures_[i] = new PictureView(look, this);
    pictures_[i]->setAccessibleName(i == 0 ? tr("Left side") : tr("Right side"));
    connect(pictures_[i], &PictureView::framed, this, [this](const Framing& framing) {
      setFraming(framing);
      Q_EMIT framed(framing);
    });
    connect(pictures_[i], &PictureView::pointed, &session, &Session::setProbe);
  }
  line_ = new WipeLine(look, this);
  connect(line_, &WipeLine::dragged, this, [this](double x) { compare_.setDivider(x / std::max(1, width())); });
  connect(&compare, &CompareSession::changed, this, &CompareView::layOut);
  connect(&compare, &CompareSession::comparisonChanged, this, &CompareView::refresh);
  connect(&session, &Session::probeChanged, this, &CompareView::refresh);
  connect(&session, &Session::clipChanged, this, [this] { setFraming({}); });
  connect(&look, &Look::changed, this, &CompareView::refresh);
}

void CompareView::setFraming(const Framing& framing) {
  for (PictureView* picture : pictures_) picture->setFraming(framing);
  refresh();
}

void CompareView::resizeEvent(QResizeEvent*) { layOut(); }
void CompareView::showEvent(QShowEvent*) { layOut(); }

void CompareView::layOut() {
  if (!isVisible()) return;
  const CompareMode mode = compare_.mode();
  const int w = width(), h = height(), x = int(std::lround(compare_.divider() * w));
  pictures_[1]->setVisible(mode != CompareMode::Difference);
  line_->setVisible(mode == CompareMode::Wipe);
  if (mode == CompareMode::Split) {
    pictures_[0]->setGeometry(0, 0, w / 2, h);
    pictures_[1]->setGeometry(w / 2 + 1, 0, w - w / 2 - 1, h);
  } else {
    for (PictureView* picture : pictures_) picture->setGeometry(0, 0, w, h);
  }
  if (mode == CompareMode::Wipe)
    pictures_[1]->setMask(QRect(x, 0, std::max(1, w - x), h));
  else
    pictures_[1]->clearMask();
  line_->setGeometry(x - kLine / 2, 0, kLine, h);
  line_->raise();
  refresh();
}

/// What a side is, and where its features come from.
PictureTag CompareView::tagOf(size_t side) const {
  const Theme& t = look_.theme();
  const ComparisonPtr c = compare_.comparison();
  const Configuration& wanted = compare_.side(side);
  if (!c)
    return {"", compare_.news().error.empty() ? tr("%1: being computed").arg(nameOf(wanted)) : nameOf(wanted), {}};
  const ComparedSide& made = c->sides[side];
  if (!made.configuration.infers())
    return {tr("Ground truth"), made.result.labels.empty() ? tr("has no labels for this frame") : "", t.plateText};
  if (made.configuration.keyInterval() == 1) return {tr("Per frame"), "", t.plateKey};
  const QString way = nameOf(made.configuration);
  if (made.result.isKey) return {tr("Key frame %1").arg(made.result.keyFrame), way, t.plateKey};
  const int64_t away = c->frame->index - made.result.keyFrame;
  return {tr("Propagated"), tr("%1, %2").arg(way, counted(away, tr("1 frame back"), tr("%1 frames back"))),
          t.platePropagated};
}

PictureTag CompareView::differenceTag() const {
  const ComparisonPtr c = compare_.comparison();
  if (!c) return {"", tr("being computed"), {}};
  if (!c->agreement) return {"", tr("nothing to compare on this frame"), {}};
  return {tr("%1 %").arg(100 * (1 - *c->agreement), 0, 'f', 1),
          tr("differ: %1 against %2").arg(nameOf(c->sides[0].configuration), nameOf(c->sides[1].configuration)),
          look_.theme().plateText};
}

void CompareView::refresh() {
  if (!isVisible() || !session_.clip() || !session_.frame()) return;
  const QSizeF size(session_.clip()->info.width, session_.clip()->info.height);
  const ComparisonPtr c = compare_.comparison();
  const bool difference = compare_.mode() == CompareMode::Difference, split = compare_.mode() == CompareMode::Split;
  for (size_t i : {0u, 1u}) {
    PictureView& view = *pictures_[i];
    view.setAspect(size);
    const bool over = session_.overlaysOn() && c;
    view.setPicture(difference && c && !c->difference.empty() ? c->difference
                    : over                                    ? c->sides[i].picture
                                                              : session_.frame()->rgb);
    view.setCrosshair(session_.probe());
  }
  const QString scale = QString::number(100 * pictures_[0]->scale(), 'f', 0) + " %";
  if (difference) return pictures_[0]->setTags(differenceTag(), scale);
  pictures_[0]->setTags(tagOf(0), split ? PictureTag{"", scale, {}} : PictureTag{});
  if (split)
    pictures_[1]->setTags(tagOf(1), scale);
  else
    pictures_[1]->setTags(PictureTag{}, tagOf(1));
}

}  // namespace dff::ui
