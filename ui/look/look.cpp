#include "ui/look/look.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QPainter>
#include <QPalette>
#include <QStyleFactory>
#include <QSvgRenderer>

/// A static library's resources are left out unless asked for; outside of all namespaces, as Qt wants it.
static void initIcons() { Q_INIT_RESOURCE(studio); }

namespace dff::ui {
namespace {

QString familyOr(const QString& wanted, QFontDatabase::SystemFont other) {
  return QFontDatabase::hasFamily(wanted) ? wanted : QFontDatabase::systemFont(other).family();
}

QPalette paletteOf(const Theme& t) {
  QPalette p;
  p.setColor(QPalette::Window, t.bg);
  p.setColor(QPalette::Base, t.panel);
  p.setColor(QPalette::Button, t.panel);
  for (auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) p.setColor(role, t.text);
  p.setColor(QPalette::PlaceholderText, t.dim);
  p.setColor(QPalette::Highlight, t.action);
  p.setColor(QPalette::HighlightedText, t.onAction);
  p.setColor(QPalette::ToolTipBase, t.raised);
  p.setColor(QPalette::ToolTipText, t.text);
  return p;
}

}  // namespace

Look::Look(QApplication& app, bool dark)
    : app_(app),
      theme_(dark ? &darkTheme() : &lightTheme()),
      sans_(familyOr("Inter", QFontDatabase::GeneralFont)),
      mono_(familyOr("JetBrains Mono", QFontDatabase::FixedFont)) {
  initIcons();
  apply();
}

void Look::setDark(bool dark) {
  theme_ = dark ? &darkTheme() : &lightTheme();
  apply();
  Q_EMIT changed();
}

void Look::apply() {
  icons_.clear();
  app_.setStyle(QStyleFactory::create("Fusion"));
  app_.setFont(words());
  app_.setPalette(paletteOf(*theme_));
  app_.setStyleSheet(styleSheet(*theme_));
}

QFont Look::words(int pixels, QFont::Weight weight) const {
  QFont font(sans_);
  font.setPixelSize(pixels);
  font.setWeight(weight);
  return font;
}

QFont Look::figures(int pixels, QFont::Weight weight) const {
  QFont font(mono_);
  font.setPixelSize(pixels);
  font.setWeight(weight);
  return font;
}

QPixmap Look::icon(const QString& name, const QColor& color, qreal scale, int pixels) const {
  QFile file(":/icons/" + name + ".svg");
  file.open(QIODevice::ReadOnly);
  QSvgRenderer drawing(file.readAll().replace("{c}", color.name().toLatin1()));
  QPixmap pixmap(QSize(pixels, pixels) * scale);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  drawing.render(&painter);
  painter.end();
  pixmap.setDevicePixelRatio(scale);
  return pixmap;
}

QIcon Look::icon(const QString& name, const QColor& color) const {
  const QColor tint = color.isValid() ? color : theme_->text;
  QIcon& icon = icons_[name + tint.name(QColor::HexArgb)];
  if (!icon.isNull()) return icon;
  for (qreal scale : {1.0, 2.0}) {
    icon.addPixmap(this->icon(name, tint, scale));
    icon.addPixmap(this->icon(name, theme_->faint, scale), QIcon::Disabled);
  }
  return icon;
}

}  // namespace dff::ui
