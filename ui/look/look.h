#pragma once
#include <QFont>
#include <QHash>
#include <QIcon>
#include <QObject>

#include "ui/look/theme.h"

class QApplication;

namespace dff::ui {

/// What everything painted asks for colours, fonts and icons; says when the shade changes.
class Look : public QObject {
  Q_OBJECT
 public:
  /// Gives `app` its font, palette and style sheet.
  Look(QApplication& app, bool dark);

  const Theme& theme() const { return *theme_; }
  void setDark(bool dark);

  /// Inter, or the system's sans.
  QFont words(int pixels = 13, QFont::Weight weight = QFont::Normal) const;
  /// JetBrains Mono, or the system's fixed-width: figures that change do not dance.
  QFont figures(int pixels = 12, QFont::Weight weight = QFont::Normal) const;
  /// Icon `name` of resources/icons in `color`, or in the theme's text colour.
  QPixmap icon(const QString& name, const QColor& color, qreal scale, int pixels = 16) const;
  QIcon icon(const QString& name, const QColor& color = {}) const;

 Q_SIGNALS:
  void changed();

 private:
  void apply();

  QApplication& app_;
  const Theme* theme_;
  QString sans_, mono_;
  mutable QHash<QString, QIcon> icons_;  // of this shade: drawing them anew costs more than all other text of a frame
};

}  // namespace dff::ui
