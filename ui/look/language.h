#pragma once
#include <QStringList>

namespace dff::ui {

/// Languages that the studio speaks, by code; English first.
QStringList knownLanguages();

/// From now on new windows speak `code`; empty or unknown: the system's language where it is known, else English.
void useLanguage(const QString& code);

}  // namespace dff::ui
