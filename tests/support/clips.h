#pragma once
// Clips made by the ffmpeg command line program while a test runs.
#include <QFile>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <filesystem>
#include <stdexcept>

namespace dff::test {

inline std::filesystem::path operator/(const QTemporaryDir& dir, const char* name) {
  return std::filesystem::path(dir.path().toStdString()) / name;
}

/// What a program prints; throws with its messages when it fails.
inline QByteArray output(const QString& program, const QStringList& arguments) {
  QProcess process;
  process.start(program, arguments);
  if (!process.waitForFinished(120000) || process.exitCode() != 0)
    throw std::runtime_error(
        (program + " " + arguments.join(' ') + "\n" + process.readAllStandardError()).toStdString());
  return process.readAllStandardOutput();
}

/// `arguments` as on a command line, parted by single spaces; {} stands for the folder.
inline void ffmpeg(const QTemporaryDir& dir, const QString& arguments) {
  QString line = "-v error -y " + arguments;
  output("ffmpeg", line.replace("{}", dir.path()).split(' ', Qt::SkipEmptyParts));
}

/// One column of ffprobe's frames, as numbers; "N/A" is left out.
inline std::vector<double> probe(const std::filesystem::path& file, const QString& entry) {
  const QStringList arguments = {"-v",  "quiet",  "-select_streams", "v:0", "-show_entries", "frame=" + entry,
                                 "-of", "csv=p=0"};
  std::vector<double> values;
  for (const QByteArray& line :
       output("ffprobe", arguments + QStringList{QString::fromStdString(file.string())}).split('\n')) {
    bool isNumber = false;
    const double value = line.split(',').first().trimmed().toDouble(&isNumber);
    if (isNumber) values.push_back(value);
  }
  return values;
}

inline QByteArray bytesOf(const std::filesystem::path& path) {
  QFile file(QString::fromStdString(path.string()));
  file.open(QIODevice::ReadOnly);
  return file.readAll();
}

/// Overwrites a stretch of a file, from and to given as shares of its length, with zeros.
inline void damage(const std::filesystem::path& path, double from, double to) {
  QFile file(QString::fromStdString(path.string()));
  file.open(QIODevice::ReadWrite);
  file.seek(static_cast<qint64>(from * file.size()));
  file.write(QByteArray(static_cast<qsizetype>((to - from) * file.size()), '\0'));
}

/// Cuts a file off after a share of its length.
inline void truncate(const std::filesystem::path& path, double share) {
  std::filesystem::resize_file(path, static_cast<uintmax_t>(share * std::filesystem::file_size(path)));
}

}  // namespace dff::test
