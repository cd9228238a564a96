#include <malloc.h>

#include <CLI/CLI.hpp>
#include <QApplication>
#include <QSettings>
#include <iostream>

#include "ui/window/log.h"
#include "ui/window/main_window.h"

namespace {

struct Arguments {
  std::string file, model, flow;
  int interval = 0;
};

/// As in the command line: networks allocate the same large tensors for every frame, which cost no page faults when
/// they stay in the heap.
void keepLargeBlocks() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

int run(int argc, char** argv, const Arguments& a) {
  QApplication app(argc, argv);
  QCoreApplication::setOrganizationName("dff-studio");
  QCoreApplication::setApplicationName("dff-studio");
  QSettings::setDefaultFormat(QSettings::IniFormat);
  dff::ui::startLog();
  dff::ui::Look look(app, !QSettings().value("light", false).toBool());
  dff::ui::MainWindow window(look);
  if (!a.model.empty()) window.session().setModel(QString::fromStdString(a.model));
  if (!a.flow.empty()) window.session().setFlow(QString::fromStdString(a.flow));
  if (a.interval > 0) window.session().setInterval(a.interval);
  if (!a.file.empty()) window.open(QString::fromStdString(a.file));
  window.show();
  return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
  keepLargeBlocks();
  Arguments a;
  CLI::App cli("DFF Studio: video recognition by Deep Feature Flow, live on your own video.", "dff-studio");
  cli.set_version_flag("--version", DFF_VERSION);
  cli.add_option("file", a.file, "video file or folder of images to open");
  cli.add_option("--model", a.model, "model package: a folder, or the name of a shipped one; by default street");
  cli.add_option("--interval", a.interval, "key-frame interval, frames")->check(CLI::Range(1, 30));
  cli.add_option("--flow", a.flow, "where motion comes from");
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return e.get_exit_code() == 0 ? cli.exit(e) : (std::cerr << "dff-studio: " << e.what() << "\n", 2);
  }
  try {
    return run(argc, argv, a);
  } catch (const std::exception& e) {
    std::cerr << "dff-studio: " << e.what() << "\n";
    return 1;
  }
}
