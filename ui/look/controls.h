#pragma once
#include <QAbstractButton>
#include <QCheckBox>
#include <QLabel>
#include <QWidget>
#include <functional>

#include "ui/look/look.h"

class QHBoxLayout;
class QVBoxLayout;

namespace dff::ui {

/// A thin line with a round handle: drag, click, wheel, arrow keys.
class Slider : public QWidget {
  Q_OBJECT
 public:
  Slider(Look& look, int min, int max, QWidget* parent = nullptr);
  int value() const { return value_; }
  void setValue(int value);
  void setRange(int min, int max);
  /// The filled part's colour, from the theme; nullptr: plain.
  void setAccent(QColor Theme::*accent) { accent_ = accent; }
  /// Values written below the line.
  void setTicks(std::vector<int> ticks);
  /// An active one is drawn brighter; a layer that is switched off is not.
  void setLit(bool lit);
  QSize sizeHint() const override;

 Q_SIGNALS:
  void moved(int value);

 protected:
  void paintEvent(QPaintEvent*) override;
  void mousePressEvent(QMouseEvent* e) override;
  void mouseMoveEvent(QMouseEvent* e) override;
  void wheelEvent(QWheelEvent* e) override;
  void keyPressEvent(QKeyEvent* e) override;

 private:
  double xOf(int value) const;
  void take(int value);
  void takeAt(double x);

  Look& look_;
  int min_, max_, value_;
  QColor Theme::*accent_ = nullptr;
  std::vector<int> ticks_;
  bool lit_ = true;
};

/// "flow FlowNet v": a word for what is chosen, the choice, and a menu of all.
class Choice : public QAbstractButton {
  Q_OBJECT
 public:
  struct Item {
    QString id, shown, help;
  };
  Choice(Look& look, const QString& word, QWidget* parent = nullptr);
  void setItems(std::vector<Item> items);
  void setCurrent(const QString& id);
  QString current() const { return current_; }
  QSize sizeHint() const override;

 Q_SIGNALS:
  void chosen(const QString& id);

 protected:
  void paintEvent(QPaintEvent*) override;

 private:
  void popUp();

  Look& look_;
  QString word_, current_;
  std::vector<Item> items_;
};

/// A check box painted in the theme.
class Check : public QCheckBox {
  Q_OBJECT
 public:
  Check(Look& look, const QString& text, QWidget* parent = nullptr);

 protected:
  void paintEvent(QPaintEvent*) override;

 private:
  Look& look_;
};

/// A heading of a panel's section, with a remark at its right end.
struct Heading {
  QWidget* row;
  QLabel* remark;
};
Heading heading(const QString& text, QWidget* parent);
/// The heading of a whole panel, which a dock takes for its title.
Heading panelHeading(const QString& text, QWidget* parent);

QLabel* dimLabel(const QString& text, QWidget* parent);
QLabel* figureLabel(Look& look, QWidget* parent, int pixels = 12);

/// Layouts with the house's margins: none and no spacing, to be filled with explicit gaps.
QVBoxLayout* column(QWidget* parent, int spacing = 0);
QHBoxLayout* row(QWidget* parent, int spacing = 8);

/// A line of one pixel.
QWidget* hairline(QWidget* parent);

}  // namespace dff::ui
