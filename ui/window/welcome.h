#pragma once
#include <QStringList>
#include <QWidget>

#include "ui/look/actions.h"

class QVBoxLayout;

namespace dff::ui {

/// What stands where the picture will be, while no file is open.
class Welcome : public QWidget {
  Q_OBJECT
 public:
  Welcome(Actions& actions, QWidget* parent = nullptr);
  void setRecent(const QStringList& files);

 Q_SIGNALS:
  void chosen(const QString& file);

 private:
  QVBoxLayout* recent_;
};

}  // namespace dff::ui
