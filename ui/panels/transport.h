#pragma once
#include <QLabel>
#include <QLineEdit>
#include <QWidget>

#include "ui/look/actions.h"
#include "ui/look/controls.h"
#include "ui/window/session.h"

class QPushButton;
class QToolButton;

namespace dff::ui {

/// What a person typed to go somewhere: "123", "+10", "-10" (frames) or "00:01:02.3", "12.5s" (time); nullopt: neither.
std::optional<int64_t> parsePlace(const QString& text, const Clip& clip, int64_t here);
/// "00:00:01.733"
QString timeText(double seconds);

/// The row of buttons and figures below the picture.
class Transport : public QWidget {
  Q_OBJECT
 public:
  Transport(Look& look, Actions& actions, Session& session, QWidget* parent = nullptr);
  /// Lets a place be typed.
  void askPlace();

 private:
  QToolButton* iconButton(const char* action);
  void makeFigures(QHBoxLayout* layout);
  void makeRange(QHBoxLayout* layout);
  void chooseSpeed();
  void refresh();
  void typed();

  Look& look_;
  Actions& actions_;
  Session& session_;
  QLineEdit* frame_;
  QLabel *count_, *time_;
  QPushButton *speed_, *in_, *out_, *pin_;
};

}  // namespace dff::ui
