#pragma once
#include <QWidget>

#include "ui/look/controls.h"

class QPushButton;

namespace dff::ui {

/// "Ground truth": which folder of label images is taken, a button to choose one and one to do without.
class LabelFolderBox : public QWidget {
  Q_OBJECT
 public:
  explicit LabelFolderBox(QWidget* parent = nullptr);

  /// What it shows: the folder (empty: none), and a sentence about it.
  void setFolder(const QString& folder, const QString& sentence);
  /// Where looking for one begins; empty: nothing is open, so nothing can be chosen.
  void setStart(const QString& folder);

 Q_SIGNALS:
  /// Empty: none any more.
  void chosen(const QString& folder);

 private:
  QLabel* sentence_;
  QPushButton *choose_, *clear_;
  QString start_;
};

}  // namespace dff::ui
