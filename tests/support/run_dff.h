#pragma once
#include <QProcess>
#include <QStringList>

// For tests that are compiled with DFF_PROGRAM, the path of the command line program.
namespace dff::test {

struct Outcome {
  int code = -1;
  QString out, err;
};

inline Outcome runDff(const QStringList& arguments, const QString& folder) {
  QProcess process;
  process.setWorkingDirectory(folder);
  process.start(DFF_PROGRAM, arguments);
  process.waitForFinished(300000);
  return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
          process.readAllStandardError()};
}

}  // namespace dff::test
