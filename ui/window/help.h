#pragma once
#include "ui/window/session.h"

class QWidget;

namespace dff::ui {

/// The guide of resources/guide.md, in a window of its own.
void showGuide(QWidget& window);

/// Version, what the program is made of, and the licences.
void showAbout(QWidget& window);

/// For a report: versions, machine, open file, model and settings, the end of the log. Plain text.
QString diagnostics(const Session& session);

}  // namespace dff::ui
