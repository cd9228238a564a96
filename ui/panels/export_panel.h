#pragma once
#include <QWidget>

#include "ui/look/controls.h"
#include "ui/panels/export_choices.h"
#include "ui/window/session.h"

class QGridLayout;
class QPushButton;
class QVBoxLayout;

namespace dff::ui {

/// What is written of the clip, how, and where: the run of the command line, as a job.
class ExportPanel : public QWidget {
  Q_OBJECT
 public:
  ExportPanel(Look& look, Session& session, QWidget* parent = nullptr);

  const ExportChoices& choices() const { return choices_; }
  void setChoices(const ExportChoices& choices);
  /// The options of the run as they are set now; `folder` and `stem` say where.
  RunOptions options(const QString& folder, const QString& stem) const;
  /// Files go there; empty: beside the video.
  void setFolder(const QString& folder);
  /// Adds the run to the jobs.
  void start();

 Q_SIGNALS:
  void closed();

 private:
  QWidget* makeVideo();
  QWidget* makeLayers();
  QWidget* makeBeside();
  QWidget* makeButtons();
  Choice* addChoice(QGridLayout* grid, const QString& word, std::vector<Choice::Item> items,
                    std::function<void(const std::string&)> take);
  Check* addCheck(QGridLayout* grid, const QString& text, const QString& tip, std::function<void(bool)> take);
  void refresh();
  void refreshChecks();
  QString folder() const;
  QString stem() const;
  QString expected(const RunOptions& run) const;

  Look& look_;
  Session& session_;
  ExportChoices choices_;
  QLabel *rangeRemark_ = nullptr, *where_ = nullptr;
  Choice *video_, *layout_, *sound_, *range_;
  std::map<std::string, Check*> layers_, beside_;
  QString chosenFolder_;
  QPushButton* start_ = nullptr;
};

}  // namespace dff::ui
