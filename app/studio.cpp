#include <CLI/CLI.hpp>
#include <QApplication>
#include <QSettings>
#include <iostream>

#include "core/base/error.h"
#include "core/base/heap.h"
#include "core/flow/flow_source.h"
#include "core/flow/propagator.h"
#include "ui/look/language.h"
#include "ui/window/launch.h"
#include "ui/window/log.h"
#include "ui/window/main_window.h"

namespace {

struct Arguments {
  dff::ui::LaunchOptions launch;
  std::string theme, language;
};

int run(int argc, char** argv, const Arguments& a) {
  QApplication app(argc, argv);
  QCoreApplication::setOrganizationName("dff-studio");
  QCoreApplication::setApplicationName("dff-studio");
  QSettings::setDefaultFormat(QSettings::IniFormat);
  dff::ui::startLog();
  dff::ui::useLanguage(a.language.empty() ? QSettings().value("language").toString()
                                          : QString::fromStdString(a.language));
  const bool light = a.theme.empty() ? QSettings().value("light", false).toBool() : a.theme == "light";
  dff::ui::Look look(app, !light);
  dff::ui::MainWindow window(look);
  dff::ui::launch(window, a.launch);
  window.show();
  if (!a.launch.screenshot.empty())
    dff::ui::screenshotWhenComplete(window, a.launch.screenshot, [](const std::string& problem) {
      if (!problem.empty()) std::cerr << "dff-studio: " << problem << "\n";
      QCoreApplication::exit(problem.empty() ? 0 : 1);
    });
  return QApplication::exec();
}

void declare(CLI::App& cli, Arguments& a) {
  dff::ui::LaunchOptions& o = a.launch;
  cli.set_version_flag("--version", DFF_VERSION);
  cli.add_option("file", o.file, "video file or folder of images to open");
  cli.add_option("--model", o.model, "model package: a folder, or the name of a shipped one; by default street");
  cli.add_option("--workspace", o.workspace, "watch, inspect, compare or explore")->type_name("NAME");
  cli.add_option("--frame", o.frame, "frame to show, by its number in the file")->check(CLI::NonNegativeNumber);
  cli.add_option("--interval", o.interval, "key-frame interval, frames")->check(CLI::Range(1, 30));
  cli.add_option("--flow", o.flow, "where motion comes from: " + dff::knownFlowSources());
  cli.add_option("--propagate", o.propagate, "how features travel between keys: " + dff::knownPropagators());
  cli.add_option("--layers", o.layers, "what is drawn over the picture, a,b,...")->delimiter(',');
  cli.add_option("--probe", o.probe, "pixel to look into")->type_name("X,Y");
  cli.add_option("--theme", a.theme, "dark or light")->check(CLI::IsMember({"dark", "light"}));
  cli.add_option("--language", a.language, "en or ko; by default the system's")->check(CLI::IsMember({"en", "ko"}));
  cli.add_option("--window", o.window, "size of the window")->capture_default_str()->type_name("WxH");
  cli.add_option("--screenshot", o.screenshot,
                 "wait until everything asked for is on screen, save the window as PNG and leave")
      ->type_name("FILE");
}

}  // namespace

int main(int argc, char** argv) {
  dff::keepLargeBlocks();
  Arguments a;
  CLI::App cli("DFF Studio: video recognition by Deep Feature Flow, live on your own video.", "dff-studio");
  declare(cli, a);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return e.get_exit_code() == 0 ? cli.exit(e) : (std::cerr << "dff-studio: " << e.what() << "\n", 2);
  }
  try {
    check(a.launch);
    return run(argc, argv, a);
  } catch (const dff::UsageError& e) {
    std::cerr << "dff-studio: " << e.what() << "\n";
    return 2;
  } catch (const std::exception& e) {
    std::cerr << "dff-studio: " << e.what() << "\n";
    return 1;
  }
}
