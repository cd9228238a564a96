#pragma once
#include <QWidget>

#include "ui/look/controls.h"
#include "ui/window/session.h"

class QToolButton;

namespace dff::ui {

/// What is drawn over the picture: an eye and a slider a layer, and the classes with their share of the picture.
class LayersPanel : public QWidget {
  Q_OBJECT
 public:
  LayersPanel(Look& look, Session& session, QWidget* parent = nullptr);

 private:
  struct Row {
    const char* layer;
    QToolButton* eye;
    QLabel* name;
    Slider* slider;
    double OverlayOptions::*opacity;
    QWidget* line;
  };
  /// A slider with a name and a figure.
  struct Setting {
    QWidget* line;
    Slider* slider;
    QLabel* figure;
  };
  QWidget* addRow(const char* layer, const QString& name, double OverlayOptions::*opacity);
  Setting addSetting(const QString& name, int min, int max, const QString& tip);
  QWidget* makeBoxes();
  void refresh();
  void refreshBoxes();
  template <class T>
  void set(T OverlayOptions::*member, T value);

  Look& look_;
  Session& session_;
  std::vector<Row> rows_;
  Setting channel_, score_;
  QWidget* boxes_ = nullptr;
  QLabel* counted_ = nullptr;
  Check* trackIds_ = nullptr;
};

/// The classes of the model, each with its colour and its share of this frame; a click hides one.
class ClassList : public QWidget {
  Q_OBJECT
 public:
  ClassList(Look& look, Session& session, QWidget* parent = nullptr);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent*) override;
  void mousePressEvent(QMouseEvent* e) override;
  bool event(QEvent* e) override;

 private:
  void refresh();
  bool isHidden(size_t row) const;

  Look& look_;
  Session& session_;
  std::vector<ClassInfo> classes_;
  QString tipOf(size_t row) const;

  std::vector<double> shares_;
  std::vector<float> margins_;
};

}  // namespace dff::ui
