#include <iostream>

#include "app/command.h"
#include "app/terminal.h"
#include "core/base/heap.h"

namespace {

int dispatch(int argc, char** argv) {
  CLI::App app("Deep Feature Flow: video recognition with a heavy network on key frames only.", "dff");
  app.set_version_flag("--version", DFF_VERSION);
  app.require_subcommand(1);
  app.footer(
      "dff COMMAND --help explains a command. Progress goes to stderr, results to stdout.\n"
      "Exit code: 0 done, 1 failed (the last line on stderr says why), 2 wrong use, 130 interrupted.");
  bool verbose = false;
  std::function<int(const dff::JobContext&)> chosen;
  for (const dff::Command& command : dff::commands()) {
    auto* sub = app.add_subcommand(command.name, command.help);
    sub->add_flag("-v,--verbose", verbose, "say what was chosen and why");
    sub->callback([&chosen, run = command.declare(*sub)] { chosen = run; });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);
    throw dff::UsageError(std::string(e.what()) + "; see dff --help");
  }
  dff::Terminal terminal(verbose);
  return chosen(terminal.job());
}

}  // namespace

int main(int argc, char** argv) {
  dff::keepLargeBlocks();
  try {
    return dispatch(argc, argv);
  } catch (const dff::Interrupted& e) {
    std::cerr << "dff: " << e.what() << "\n";
    return 130;
  } catch (const dff::UsageError& e) {
    std::cerr << "dff: " << e.what() << "\n";
    return 2;
  } catch (const std::exception& e) {
    std::cerr << "dff: " << e.what() << "\n";
    return 1;
  }
}
