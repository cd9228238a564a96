#pragma once
#include <functional>
#include <memory>

#include "ui/compare/comparison.h"

namespace dff::ui {

/// What is looked at now.
struct CompareAim {
  int64_t frame = 0;
  bool active = false;  ///< false: rest
  bool playing = false;
  int direction = 1;
  double frameMs = 40;  ///< how long a frame is shown
};

/// What is known of how both sides run.
struct CompareNews {
  bool loaded = false;
  std::string precision;
  std::string error;               ///< why nothing is computed
  std::array<CostMeter, 2> costs;  ///< of the configurations of now
  std::vector<ClassInfo> classes;
  double agreement = 0;  ///< mean over the frames compared with these settings
  int64_t compared = 0;
  int64_t labelled = 0;  ///< label images in the folder
};

/// Compares on a thread of its own, the frame of now first. What was computed with older settings falls away.
class Comparer {
 public:
  /// `wake` is called from the thread whenever there is news.
  explicit Comparer(std::function<void()> wake);
  ~Comparer();

  void setSettings(const CompareSettings& settings);
  void setLayers(const OverlayOptions& layers, const std::array<uint8_t, 3>& differenceColor);
  void aim(const CompareAim& aim);

  /// The comparison of frame `index` under the settings of now; null: not there (yet).
  ComparisonPtr result(int64_t index) const;
  CompareNews news() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dff::ui
