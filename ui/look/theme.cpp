#include "ui/look/theme.h"

#include <utility>
#include <vector>

namespace dff::ui {
namespace {

const char* kStyle = R"(
* { outline: none; }
QWidget { color: {text}; selection-background-color: {action}; selection-color: {onAction}; }
QMainWindow, #body { background: {bg}; }
#topBar, #transport, #status, #panel, #panelBody { background: {panel}; }
#topBar, #transport { border-bottom: 1px solid {line}; }
#status { border-top: 1px solid {line}; }
#status QLabel { color: {dim}; }
QLabel { background: transparent; }
QLabel[role="heading"] { color: {dim}; font-size: 11px; font-weight: 600; }
QLabel[role="remark"] { color: {dim}; font-size: 11px; }
QLabel[role="dim"] { color: {dim}; }
QLabel[role="alarm"] { color: {alarm}; }
QLabel[role="file"] { color: {dim}; }
QLabel[role="title"] { font-weight: 700; }
QMenuBar { background: transparent; spacing: 0; }
QMenuBar::item { background: transparent; color: {dim}; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: {raised}; color: {text}; }
QMenu { background: {panel}; border: 1px solid {line}; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 3px; }
QMenu::item:selected { background: {raised}; }
QMenu::item:disabled { color: {faint}; }
QMenu::separator { height: 1px; background: {line}; margin: 4px 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 6px; }
QToolTip { background: {raised}; color: {text}; border: 1px solid {line}; padding: 4px 6px; }
QPushButton, QToolButton { background: transparent; border: 1px solid {line}; border-radius: 4px; padding: 0 10px;
  min-height: 26px; max-height: 26px; }
QPushButton:hover, QToolButton:hover { background: {raised}; }
QPushButton:disabled, QToolButton:disabled { color: {faint}; }
QPushButton:focus, QToolButton:focus, QLineEdit:focus { border-color: {action}; }
QPushButton[role="primary"] { background: {action}; border-color: {action}; color: {onAction}; font-weight: 500; }
QPushButton[role="primary"]:hover { background: {actionHover}; }
QPushButton[role="primary"]:disabled { background: {raised}; border-color: {raised}; color: {faint}; }
QPushButton[role="link"] { border: none; padding: 0; color: {link}; text-align: right; }
QPushButton[role="link"]:hover { background: transparent; text-decoration: underline; }
QToolButton[role="icon"] { border: none; padding: 0; min-width: 28px; max-width: 28px; }
QToolButton[role="eye"] { border: none; padding: 0; min-width: 18px; max-width: 18px; }
QToolButton[role="small"] { border: none; padding: 0; min-width: 20px; max-width: 20px; min-height: 20px; max-height: 20px; }
QToolButton[role="icon"]:checked { background: {raised}; }
QToolButton::menu-indicator { image: none; }
#segments { background: {raised}; border-radius: 6px; }
#segments QToolButton { border: 1px solid transparent; border-radius: 5px; padding: 0 14px; color: {dim};
  min-height: 24px; max-height: 24px; }
#segments QToolButton:checked { background: {bg}; border-color: {line}; color: {text}; font-weight: 600; }
QLineEdit { background: {bg}; border: 1px solid {line}; border-radius: 4px; padding: 0 6px; min-height: 26px;
  max-height: 26px; }
QLineEdit[role="figure"] { background: transparent; border: 1px solid transparent; padding: 0 2px; }
QLineEdit[role="figure"]:hover { border-color: {line}; }
QLineEdit[role="figure"]:focus { background: {bg}; border-color: {action}; }
QCheckBox { spacing: 8px; min-height: 24px; }
QCheckBox:disabled { color: {faint}; }
QListView, QScrollArea { background: {panel}; border: none; }
QListView::item { min-height: 28px; padding: 0 8px; border-radius: 3px; }
QListView::item:selected { background: {raised}; color: {text}; }
QScrollBar:vertical { background: transparent; width: 8px; margin: 0; }
QScrollBar::handle:vertical { background: {line}; border-radius: 4px; min-height: 24px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { height: 0; background: none; }
QDialog { background: {panel}; }
QMainWindow::separator { background: {bg}; width: 3px; height: 3px; }
QMainWindow::separator:hover { background: {action}; }
QDockWidget { color: {dim}; font-size: 11px; font-weight: 600; }
QTabBar { background: {panel}; qproperty-drawBase: 0; }
QTabBar::tab { background: {panel}; color: {dim}; padding: 5px 12px; font-size: 11px; font-weight: 600;
  border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: {text}; border-bottom-color: {action}; }
QTabBar::tab:hover { color: {text}; }
#drop { border: 1px dashed {line}; border-radius: 6px; }
#line { background: {line}; }
)";

Theme makeDark() {
  Theme t;
  t.key = 0xf2b04a, t.propagated = 0x4cc2d6, t.alarm = 0xef6a6a, t.done = 0x62c58a, t.action = 0x2f6be0;
  t.other = 0x8f7ee6;
  t.bg = 0x16181c, t.panel = 0x1d2025, t.raised = 0x262a31, t.line = 0x30353d;
  t.text = 0xe4e7eb, t.dim = 0x9aa3ae, t.faint = 0x6b7480, t.canvas = 0x0d0e10;
  t.onAction = 0xffffff;
  t.plate = QColor(0x16, 0x18, 0x1c, 225), t.plateText = 0xe4e7eb, t.plateKey = t.key;
  t.platePropagated = t.propagated, t.plateAlarm = t.alarm;
  return t;
}

Theme makeLight() {
  Theme t = makeDark();  // the tags over the picture stay as they are
  t.dark = false;
  t.key = 0x965c00, t.propagated = 0x0b7285, t.alarm = 0xc93a3a, t.done = 0x187a41, t.action = 0x2a63d6;
  t.other = 0x6a58d6;
  t.bg = 0xf3f4f6, t.panel = 0xfbfbfc, t.raised = 0xe9ebef, t.line = 0xd5d9df;
  t.text = 0x1c2026, t.dim = 0x5a636e, t.faint = 0x8a929c, t.canvas = 0xdfe2e6;
  return t;
}

}  // namespace

const Theme& darkTheme() {
  static const Theme theme = makeDark();
  return theme;
}

const Theme& lightTheme() {
  static const Theme theme = makeLight();
  return theme;
}

QString styleSheet(const Theme& t) {
  const QColor link = t.dark ? t.action.lighter(135) : t.action;
  const std::vector<std::pair<const char*, QString>> values = {
      {"{text}", t.text.name()},         {"{dim}", t.dim.name()},
      {"{faint}", t.faint.name()},       {"{bg}", t.bg.name()},
      {"{panel}", t.panel.name()},       {"{raised}", t.raised.name()},
      {"{line}", t.line.name()},         {"{action}", t.action.name()},
      {"{onAction}", t.onAction.name()}, {"{actionHover}", t.action.lighter(112).name()},
      {"{link}", link.name()},           {"{alarm}", t.alarm.name()}};
  QString style = QString::fromLatin1(kStyle);
  for (const auto& [name, value] : values) style.replace(QLatin1String(name), value);
  return style;
}

}  // namespace dff::ui
