#pragma once
#include <QWidget>
#include <map>

#include "ui/look/controls.h"
#include "ui/window/session.h"

class QPushButton;
class QToolButton;

namespace dff::ui {

/// The jobs with progress, time left and what can be done about them.
class JobList : public QWidget {
  Q_OBJECT
 public:
  JobList(Look& look, Session& session, QWidget* parent = nullptr);

 private:
  struct Line {
    QWidget* box;
    QLabel *title, *state, *message;
    QPushButton* open;
    QToolButton *hold, *end;
    QWidget *bar, *done;
  };
  Line makeLine(int id);
  void refresh();
  void fill(Line& line, const JobView& job);
  void fillButtons(Line& line, const JobView& job);
  void hold(int id);
  void end(int id);
  void open(int id);
  const JobView* find(int id);

  Look& look_;
  Session& session_;
  QLabel* none_;
  std::vector<JobView> jobs_;
  std::map<int, Line> lines_;
};

}  // namespace dff::ui
