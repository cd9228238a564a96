#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <span>
#include <string>

#include "core/base/fields.h"
#include "core/base/job.h"

namespace dff {

/// One verb of the command line. `declare` adds its options to `app` and gives what runs it, which returns the exit code.
struct Command {
  const char* name;
  const char* help;
  std::function<int(const JobContext&)> (*declare)(CLI::App& app);
};

/// All verbs, in the order of the help.
std::span<const Command> commands();

/// Reads an options struct's fields as flags: "key_frames" becomes --key-frames; a bool is a plain flag.
/// Names listed in `skip` are declared by the command itself (positionals, short names, on|off).
class FlagBinder {
 public:
  FlagBinder(CLI::App& app, std::set<std::string> skip = {}) : app_(app), skip_(std::move(skip)) {}

  template <class T>
  void operator()(const char* name, T& member, const char* help, Bounds bounds = {}) {
    if (skip_.count(name)) return;
    const std::string flag = flagOf(name);
    if constexpr (std::is_same_v<T, bool>) {
      app_.add_flag(flag, member, help);
    } else {
      auto* option = app_.add_option(flag, member, help)->capture_default_str();
      if constexpr (std::is_arithmetic_v<T>)
        if (bounds.min > -1e300) option->check(CLI::Range(bounds.min, bounds.max));
    }
  }

  static std::string flagOf(std::string name) {
    std::replace(name.begin(), name.end(), '_', '-');
    return "--" + name;
  }

 private:
  CLI::App& app_;
  std::set<std::string> skip_;
};

template <class Options>
void bindFlags(CLI::App& app, Options& options, std::set<std::string> skip = {}) {
  fields(options, FlagBinder(app, std::move(skip)));
}

// The verbs, one file each in commands/.
std::function<int(const JobContext&)> declareTrain(CLI::App& app);

}  // namespace dff
