#pragma once
#include <QLineEdit>
#include <QWidget>

#include "ui/compare/compare_session.h"
#include "ui/look/actions.h"
#include "ui/look/controls.h"
#include "ui/panels/label_folder_box.h"

namespace dff::ui {

/// One side: what it is, and what it says of the frame on screen.
class CompareSide : public QWidget {
  Q_OBJECT
 public:
  CompareSide(Look& look, Session& session, CompareSession& compare, size_t side, QWidget* parent = nullptr);

 private:
  struct Line {
    QWidget* box;
    QLabel* value;
  };
  QWidget* makeTop();
  QWidget* makeInterval();
  QWidget* makeWays();
  Line makeLine(const QString& what, const QString& tip);
  void change(const std::function<void(Configuration&)>& edit);
  void refresh();
  void refreshFigures();
  QString classAtProbe(const ComparedSide& made) const;

  Look& look_;
  Session& session_;
  CompareSession& compare_;
  size_t side_;
  QString name_;
  Choice *kind_, *flow_, *propagation_;
  QWidget *intervalBox_, *ways_;
  QLineEdit* interval_;
  Slider* slider_;
  Line now_, mean_, miou_, probe_;
};

/// The Compare workspace's right panel: how the sides are shown, what each is, and how far they agree.
class ComparePanel : public QWidget {
  Q_OBJECT
 public:
  ComparePanel(Look& look, Actions& actions, Session& session, CompareSession& compare, QWidget* parent = nullptr);

 private:
  QWidget* makeModes(Actions& actions);
  QWidget* makeAgreement();
  void refresh();
  QString aboutTruth() const;

  Look& look_;
  Session& session_;
  CompareSession& compare_;
  QLabel *agree_, *meanAgree_, *compared_;
  LabelFolderBox* truth_;
};

}  // namespace dff::ui
