#pragma once
#include <QAction>
#include <QObject>
#include <map>
#include <span>
#include <string_view>

#include "ui/look/look.h"

namespace dff::ui {

/// One thing that a person can make the window do: feeds menus, tooltips, shortcuts, the sheet of keys and the tests.
struct ActionRow {
  const char* id;
  const char* menu;  ///< title of its menu; "" : in none
  const char* text;
  const char* keys;  ///< separated by a space, in Qt's portable form; the first one is shown
  const char* tip;   ///< a sentence for the tooltip
  bool checkable = false;
  const char* icon = "";
};

/// All of them, in the order of the menus; a row with an empty id is a separator.
std::span<const ActionRow> actionTable();

/// The table's actions, made for one window.
class Actions : public QObject {
  Q_OBJECT
 public:
  Actions(Look& look, QWidget& window);
  /// The action called `id`; it must exist.
  QAction& operator[](std::string_view id) const;
  /// Runs `slot` when the action is triggered.
  template <class Slot>
  void on(std::string_view id, QObject* receiver, Slot slot) {
    connect(&(*this)[id], &QAction::triggered, receiver, std::move(slot));
  }

 private:
  void tint();

  Look& look_;
  std::map<std::string, QAction*, std::less<>> byId_;
};

}  // namespace dff::ui
