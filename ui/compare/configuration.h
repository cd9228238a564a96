#pragma once
#include <QString>
#include <string>

#include "core/run/single_frames.h"
#include "ui/infer/inference.h"

namespace dff::ui {

/// One way to come to the classes of a frame: features propagated from key to key, per-frame inference, or a folder of
/// label images.
struct Configuration {
  enum class Kind { Propagated, PerFrame, Truth };
  Kind kind = Kind::Propagated;
  int interval = 10;
  std::string flow = "auto", propagate = "causal";

  /// Two that run the same way are equal whatever stands in fields that their kind does not read.
  bool operator==(const Configuration& other) const;
  bool infers() const { return kind != Kind::Truth; }
  /// Frames from key to key: 1 for per-frame inference.
  int keyInterval() const { return kind == Kind::PerFrame ? 1 : interval; }
};

/// The studio's setting.
Configuration configurationOf(const Tuning& tuning);

/// With an interval of 1 to 30, and causal where the flow source knows no motion.
Configuration tidied(Configuration configuration);

/// "FlowNet, two-sided, interval 10", "per frame", "ground truth".
QString nameOf(const Configuration& configuration);

/// The keys that frame `index` is made from when the frames `first` to `last` are run. `keys` gives cuts, pins and the
/// in-point; its interval is the one that counts. Reading ahead, the last frame before an end or a cut is a key too.
KeysAround keysOfFrame(KeySchedule keys, int64_t index, int64_t first, int64_t last, bool readsAhead);

}  // namespace dff::ui
