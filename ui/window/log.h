#pragma once
#include <QString>

namespace dff::ui {

/// From now on what Qt and the studio say (qInfo and above) is kept in log.txt of the program's data folder as well.
/// At a megabyte the file becomes log.1.txt, and a new one begins. A log that cannot be written is no reason to stop.
void startLog();

/// The log's last lines.
QString endOfLog(int lines);

}  // namespace dff::ui
