#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>

#include "core/base/fields.h"
#include "core/base/job.h"

namespace dff {

/// One verb of the command line. `declare` adds its options to `app` and gives what runs it, which returns the exit
/// code.
struct Command {
  const char* name;
  const char* help;
  std::function<int(const JobContext&)> (*declare)(CLI::App& app);
};

/// All verbs, in the order of the help.
std::span<const Command> commands();

/// Reads an options struct's fields as flags: "key_frames" becomes --key-frames; a bool that is on by default is a
/// switch (on|off), one that is off a plain flag; lists are separated by commas.
/// Names listed in `skip` are declared by the command itself (positionals, short names, on|off).
class FlagBinder {
 public:
  FlagBinder(CLI::App& app, std::set<std::string> skip = {}) : app_(app), skip_(std::move(skip)) {}

  template <class T>
  void operator()(const char* name, T& member, const char* help, Bounds bounds = {}) {
    if (skip_.count(name)) return;
    const std::string flag = flagOf(name);
    if constexpr (std::is_same_v<T, bool>) {
      declareBool(flag, member, help);
    } else {
      auto* option = app_.add_option(flag, member, help)->capture_default_str();
      if constexpr (std::is_same_v<T, std::vector<std::string>> || std::is_same_v<T, std::vector<int>> ||
                    std::is_same_v<T, std::vector<int64_t>>)
        option->delimiter(',');
      if constexpr (std::is_arithmetic_v<T>) {
        if (bounds.min > -1e300) option->check(CLI::Range(bounds.min, bounds.max).description(rangeOf(bounds)));
        option->type_name(std::is_integral_v<T> ? "N" : "X");
      }
    }
  }

  void declareBool(const std::string& flag, bool& member, const char* help) {
    if (!member) {
      app_.add_flag(flag, member, help);
      return;
    }
    const auto onOff = [](std::string& value) -> std::string {
      if (value != "on" && value != "off") return "give on or off, not " + value;
      value = value == "on" ? "true" : "false";
      return {};
    };
    app_.add_option(flag, member, help)->transform(CLI::Validator(onOff, ""))->type_name("on|off")->default_str("on");
  }

  /// "0..1024", or "from 1" where no sensible upper end exists.
  static std::string rangeOf(const Bounds& bounds) {
    constexpr double kPracticallyUnbounded = 1e6;
    return bounds.max < kPracticallyUnbounded ? text(bounds.min, "..", bounds.max) : text("from ", bounds.min);
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
std::function<int(const JobContext&)> declareRun(CLI::App& app);
std::function<int(const JobContext&)> declareEval(CLI::App& app);
std::function<int(const JobContext&)> declareCompare(CLI::App& app);
std::function<int(const JobContext&)> declareSweep(CLI::App& app);
std::function<int(const JobContext&)> declareTrain(CLI::App& app);
std::function<int(const JobContext&)> declareImport(CLI::App& app);
std::function<int(const JobContext&)> declareCalibrate(CLI::App& app);
std::function<int(const JobContext&)> declareSynth(CLI::App& app);
std::function<int(const JobContext&)> declareInfo(CLI::App& app);
std::function<int(const JobContext&)> declareBench(CLI::App& app);
std::function<int(const JobContext&)> declareExportOnnx(CLI::App& app);
std::function<int(const JobContext&)> declareSelftest(CLI::App& app);

}  // namespace dff
