#pragma once
#include <array>
#include <optional>

#include "core/data/label_folder.h"
#include "core/export/overlay.h"
#include "core/media/frame_fetcher.h"
#include "ui/compare/configuration.h"

namespace dff::ui {

/// What is compared, and on what.
struct CompareSettings {
  ClipPtr clip;
  std::string model, precision = "auto";
  std::array<Configuration, 2> sides;
  std::string truth;            ///< folder of label images; empty: none
  KeySchedule keys;             ///< cuts, pins and in-point; each side has an interval of its own
  int64_t first = 0, last = 0;  ///< in- and out-point
  bool boxes = false;           ///< look for objects too, where the model can

  bool operator==(const CompareSettings&) const = default;
};

/// One side's view of a frame.
struct ComparedSide {
  Configuration configuration;
  Result result;               ///< its labels are empty where the ground truth has none
  cv::Mat picture;             ///< with the layers
  double ms = -1;              ///< what this frame cost, prepare to post; below 0: nothing was run
  std::optional<double> miou;  ///< of this frame alone, where it has a label image
};

/// Both sides of one frame.
struct Comparison {
  FramePtr frame;
  std::array<ComparedSide, 2> sides;
  std::optional<double> agreement;  ///< share of the compared pixels with the same class
  cv::Mat difference;               ///< empty where a side has no labels
};
using ComparisonPtr = std::shared_ptr<const Comparison>;

/// Makes comparisons. Plain and synchronous; what settings have in common with those before is kept.
class ComparisonMaker {
 public:
  /// Loads what these settings need; throws Error or UsageError when that cannot be had.
  void set(const CompareSettings& settings);
  void setLayers(const OverlayOptions& layers, const std::array<uint8_t, 3>& differenceColor);

  Comparison make(int64_t index);
  /// Draws the pictures of a comparison anew.
  void paint(Comparison& comparison) const;

  const Package& package() const { return *package_; }
  Precision precision() const { return store_->precision(); }
  int64_t labelled() const { return truth_.count(); }

 private:
  FramePtr frame(int64_t index);
  ComparedSide sideOf(size_t side, const FramePtr& frame, const cv::Mat& truth);
  void remakePainter();
  int classes() const { return int(package_->spec.classes.size()); }

  CompareSettings settings_;
  std::string loaded_;
  std::unique_ptr<Package> package_;
  std::unique_ptr<FrameFetcher> fetcher_;
  std::unique_ptr<FeatureStore> store_;
  std::array<std::unique_ptr<SingleFrames>, 2> runners_;
  LabelFolder truth_;
  OverlayOptions layers_;
  std::array<uint8_t, 3> color_{};
  std::unique_ptr<OverlayPainter> painter_;
};

}  // namespace dff::ui
