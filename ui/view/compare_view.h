#pragma once
#include <QWidget>

#include "ui/compare/compare_session.h"
#include "ui/view/picture.h"

namespace dff::ui {

/// The line of a wipe with its handle; drag it.
class WipeLine : public QWidget {
  Q_OBJECT
 public:
  WipeLine(Look& look, QWidget* parent);

 Q_SIGNALS:
  void dragged(double x);  ///< in the parent's pixels

 protected:
  void paintEvent(QPaintEvent*) override;
  void mouseMoveEvent(QMouseEvent* e) override;

 private:
  Look& look_;
};

/// Two configurations on one frame: over each other with a line to drag, side by side, or where they differ.
class CompareView : public QWidget {
  Q_OBJECT
 public:
  CompareView(Look& look, Session& session, CompareSession& compare, QWidget* parent = nullptr);
  void setFraming(const Framing& framing);
  PictureView& picture(size_t side) { return *pictures_[side]; }
  WipeLine& line() { return *line_; }

 Q_SIGNALS:
  void framed(const Framing& framing);

 protected:
  void resizeEvent(QResizeEvent*) override;
  void showEvent(QShowEvent*) override;

 private:
  void layOut();
  void refresh();
  PictureTag tagOf(size_t side) const;
  PictureTag differenceTag() const;

  Look& look_;
  Session& session_;
  CompareSession& compare_;
  std::array<PictureView*, 2> pictures_;  // left, right; a difference is shown by the left one
  WipeLine* line_;
};

}  // namespace dff::ui
