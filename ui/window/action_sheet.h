#pragma once
#include "ui/look/actions.h"

namespace dff::ui {

/// Lists all actions over `window`, filtered while typing; Enter runs the first one.
void searchActions(Actions& actions, QWidget& window);

/// All keys on one sheet, by menu.
void showKeys(Look& look, QWidget& window);

}  // namespace dff::ui
