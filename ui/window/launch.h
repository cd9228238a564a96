#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dff::ui {

class MainWindow;

/// What the command line of the window may ask for; empty and unset: as it is by default.
struct LaunchOptions {
  std::string file, model, workspace, flow, propagate;
  std::vector<std::string> layers;
  std::optional<int64_t> frame;
  int interval = 0;
  std::string probe;  ///< "X,Y", pixels of the video
  std::string window = "1600x1000";
  std::string screenshot;  ///< PNG file to write once everything asked for is on screen
};

/// Throws UsageError naming what is unknown, and what is known.
void check(const LaunchOptions& options);

/// Sets the window up and opens the file; what needs the file follows once it is open.
void launch(MainWindow& window, const LaunchOptions& options);

/// Saves the window as PNG once everything asked for is on screen, agreement sampled and Explore swept included, and
/// then calls `done` with what went wrong: a file or model that could not be opened, a picture that could not be
/// written, two minutes without everything there and no progress of a sweep. Empty: all is well.
void screenshotWhenComplete(MainWindow& window, const std::string& file, std::function<void(const std::string&)> done);

}  // namespace dff::ui
