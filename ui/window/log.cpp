#include "ui/window/log.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QMutex>
#include <QStandardPaths>
#include <QStringList>

namespace dff::ui {
namespace {

constexpr qint64 kLargest = 1 << 20;
QtMessageHandler before = nullptr;

QString pathOf(const char* name) {
  return QDir(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation)).filePath(name);
}

void append(const QString& line) {
  static QMutex mutex;  // every thread may say something
  const QMutexLocker lock(&mutex);
  QFile file(pathOf("log.txt"));
  if (file.size() > kLargest) {
    QFile::remove(pathOf("log.1.txt"));
    QFile::rename(pathOf("log.txt"), pathOf("log.1.txt"));
  }
  if (file.open(QIODevice::Append)) file.write(line.toUtf8() + '\n');
}

void keep(QtMsgType type, const QMessageLogContext& context, const QString& message) {
  if (type != QtDebugMsg) append(QDateTime::currentDateTime().toString(Qt::ISODateWithMs) + "  " + message);
  if (type != QtInfoMsg && before) before(type, context, message);
}

}  // namespace

void startLog() {
  QDir().mkpath(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation));
  const QtMessageHandler now = qInstallMessageHandler(keep);
  if (now != keep) before = now;
}

QString endOfLog(int lines) {
  QFile file(pathOf("log.txt"));
  if (!file.open(QIODevice::ReadOnly)) return {};
  QStringList all = QString::fromUtf8(file.readAll()).split('\n', Qt::SkipEmptyParts);
  return all.mid(qMax(0, int(all.size()) - lines)).join('\n');
}

}  // namespace dff::ui
