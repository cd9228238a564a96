#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/export/overlay.h"
#include "core/model/spec.h"
#include "core/schedule/key_schedule.h"
#include "core/task/prediction.h"
#include "ui/infer/agreement.h"
#include "ui/infer/cost_meter.h"
#include "ui/infer/inspection.h"
#include "ui/play/decoder.h"

namespace dff::ui {

/// How the networks are run. Features of key frames outlive a change of anything but model and precision.
struct Tuning {
  std::string model;  ///< folder or name; empty: the shipped one
  std::string precision = "auto";
  std::string flow = "auto";
  std::string propagate = "two-sided";
  bool aggregateKeys = true;  ///< where the propagator blends two keys
  KeySchedule keys;
  bool heat = false;  ///< compute the heat map
  int heatChannel = -1;

  /// The propagation that runs: causal where the flow source knows no motion, for then there is nothing to blend by.
  std::string way() const;
  bool operator==(const Tuning&) const = default;
};

/// The tuning with its schedule as the way of propagation wants it.
Tuning settled(Tuning tuning);

/// What is looked at now.
struct Focus {
  int64_t frame = 0;  ///< on screen, or due
  bool playing = false;
  int direction = 1;
  double frameMs = 40;  ///< how long a frame is shown, at the speed of playing
  int64_t first = 0, last = 0;
  bool inspect = false;  ///< also compute what the Inspect workspace shows
  bool overlays = true;  ///< false: rest
};

/// A frame with everything said of it, and the picture as drawn.
struct Overlaid {
  Result result;
  bool late = false;         ///< an older key frame served, for the right one is not there yet
  bool provisional = false;  ///< the key before served alone, for the others that it should come from are not there yet
  KeysAround keys;           ///< what it should come from, and does unless late or provisional
  cv::Mat picture;           ///< [H,W] CV_8UC3 with the overlays
  uint64_t layersVersion;    ///< of the overlay options it was drawn with
};
using OverlaidPtr = std::shared_ptr<const Overlaid>;

/// What the time line keeps of a frame.
struct FrameNote {
  float ms = -1;     ///< of the networks; below 0: not run with these settings
  float drift = -1;  ///< 1 - mean trust; below 0: unknown
  bool key = false;
  bool operator==(const FrameNote&) const = default;
};

/// What is known of the loaded model and of how it runs.
struct InferenceNews {
  bool loaded = false;
  std::string model, precision;  ///< name; and as options name it
  std::vector<ClassInfo> classes;
  std::vector<ClassInfo> boxClasses;  ///< empty: the model finds no boxes
  int channels = 0;                   ///< of the feature map
  InputSpec input;
  std::string flowSource;  ///< what "auto" stands for
  std::string error;       ///< why nothing is computed
  CostMeter costs;
  Agreement agreement;
  bool measuring = false;  ///< samples are being taken
};

/// Runs the networks on two threads of its own: one makes features of key frames ahead of the playhead, one propagates
/// and draws. Settings may change at any time; what was computed with older ones falls away.
class Inference {
 public:
  /// `wake` is called from the threads whenever there is news.
  Inference(const FrameRing& ring, std::function<void()> wake);
  ~Inference();

  void setClip(const ClipPtr& clip);
  void setTuning(const Tuning& tuning);
  void setFocus(const Focus& focus);
  void setLayers(const OverlayOptions& layers);

  /// Frame `index` with its overlay under the settings of now; null: not there (yet).
  OverlaidPtr result(int64_t index) const;
  /// Draws `overlaid` anew when the layers have changed since; gives it back as it is otherwise.
  OverlaidPtr upToDate(const OverlaidPtr& overlaid);
  InspectionPtr inspection() const;
  InferenceNews news() const;
  std::vector<FrameNote> notes() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dff::ui
