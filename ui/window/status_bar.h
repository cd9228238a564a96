#pragma once
#include <QWidget>

#include "ui/look/controls.h"
#include "ui/window/session.h"

namespace dff::ui {

/// The last row: the file, decoding, dropped frames, memory; at the right what went wrong or how far the job is.
class StatusBar : public QWidget {
  Q_OBJECT
 public:
  StatusBar(Look& look, Session& session, QWidget* parent = nullptr);
  /// A sentence that stays until the next one, or until `seconds` have passed (0: stays).
  void say(const QString& sentence, bool alarm, int seconds);

 private:
  void refresh();
  void refreshJobs();

  Session& session_;
  QLabel *file_, *decode_, *dropped_, *memory_, *message_, *job_;
};

}  // namespace dff::ui
