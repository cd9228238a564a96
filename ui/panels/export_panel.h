#pragma once
#include <QWidget>

#include "core/export/run_files.h"
#include "ui/look/controls.h"
#include "ui/window/session.h"

class QPushButton;
class QVBoxLayout;

namespace dff::ui {

/// The jobs with progress, time left and what can be done about them.
class JobList : public QWidget {
  Q_OBJECT
 public:
  JobList(Look& look, Session& session, QWidget* parent = nullptr);

 private:
  struct Line {
    QWidget* box;
    QLabel *title, *state;
    QPushButton* act;
    QWidget *bar, *done;
  };
  Line makeLine(int id);
  void refresh();
  void fill(Line& line, const JobView& job);
  void act(int id);

  Look& look_;
  Session& session_;
  QLabel* none_;
  std::map<int, Line> lines_;
};

/// What is written of the range between in- and out-point, and where: the run of the command line, as a job.
class ExportPanel : public QWidget {
  Q_OBJECT
 public:
  ExportPanel(Look& look, Session& session, QWidget* parent = nullptr);
  /// The options of the run as they are set now; `folder` and `stem` say where.
  RunOptions options(const QString& folder, const QString& stem) const;

 Q_SIGNALS:
  void closed();

 private:
  Check* addCheck(const QString& text, bool on, const QString& tip);
  void refresh();
  void start();
  QString folder() const;

  Look& look_;
  Session& session_;
  QLabel *range_ = nullptr, *where_ = nullptr;
  Check *video_ = nullptr, *keyMark_ = nullptr, *legend_ = nullptr;
  std::map<std::string, Check*> beside_;
  QString chosenFolder_;
  QPushButton* start_ = nullptr;
};

}  // namespace dff::ui
