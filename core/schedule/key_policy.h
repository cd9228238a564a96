#pragma once
#include <set>
#include <string>
#include <vector>

#include "core/base/fields.h"
#include "core/base/job.h"
#include "core/media/frame_source.h"
#include "core/schedule/policy_signals.h"

namespace dff {

/// Where key frames are put.
struct PolicyOptions {
  std::string policy = "fixed";
  int minInterval = 2;
  int maxInterval = 40;
  double limit = 0.3;   ///< score at which a frame becomes a key
  double keyShare = 0;  ///< above 0: the limit is found so that this share of the frames are keys
};
template <class V>
void fields(PolicyOptions& o, V&& v) {
  v("policy", o.policy, "where key frames are put");
  v("min_interval", o.minInterval, "fewest frames from key to key of a policy that adapts", Bounds{1, 100000});
  v("max_interval", o.maxInterval, "most frames from key to key of a policy that adapts", Bounds{1, 100000});
  v("policy_limit", o.limit, "score, 0..1, at which a policy makes a key", Bounds{0, 1});
  v("key_share", o.keyShare, "above 0: the limit is found so that this share of the frames are keys", Bounds{0, 1});
}

/// Reads "NAME" or "NAME:option=value:...", the options as in fields(); those not named are `otherwise`. Throws
/// UsageError for an unknown name or option, Error for a value that does not fit.
PolicyOptions parsePolicy(const std::string& text, const PolicyOptions& otherwise = {});

/// How a policy's scores become keys.
enum class Placing {
  AtLimit,     ///< a frame is a key that scores the limit; with a share, the limit that gives it
  AsBudget,    ///< the limit follows the share of keys, frame by frame
  LeastChange  ///< the whole range at once, by leastChange() on what each frame scores against the one before it
};

/// A way to place keys: one row of a table.
struct KeyPolicy {
  const char* name;
  const char* help;
  double (*score)(PairSignals& pair);  ///< null: keys stand on the grid of the interval
  Placing placing = Placing::AtLimit;
  bool asksModel = false;  ///< the score needs PlanContext::sureness
};

/// Throws UsageError naming the known ones.
const KeyPolicy& findPolicy(const std::string& name);
std::string knownPolicies();
std::string helpOfPolicies();

/// The frames of a range that are keys, and how every one of them scored against the key before it.
struct KeyPlacement {
  std::set<int64_t> keys;
  std::vector<double> scores;  ///< of each frame of the range; keys by force score 1
  double limit = 0;
};

/// An interval that no video reaches: keys are where they were put.
inline constexpr int kNoGrid = 1 << 30;

/// What a plan goes by besides the frames.
struct PlanContext {
  std::set<int64_t> pins = {};
  bool readsAhead = false;            ///< propagation reads the key after a frame: the last of a scene is a key too
  ModelSureness* sureness = nullptr;  ///< for policies that ask the model
};

/// Plans the keys of frames already looked at. The first is a key, and the first after a cut, and the pinned ones. The
/// plan is of the range as a whole: it is made once, so that a seek gives what playing gives. A share of keys is hit
/// exactly where the bounds of the interval and what is a key by force leave room.
KeyPlacement placeKeys(const std::vector<PlanFrame>& frames, const PolicyOptions& options,
                       const PlanContext& context = {});

/// What policies see of a frame, for a network input of `network` pixels, and of what was shown before it (may be
/// null).
PlanFrame planFrame(const Frame& frame, cv::Size network, const PlanFrame* before);

/// What policies see of frames `first` to `last` of a source (-1: the last).
std::vector<PlanFrame> planFrames(FrameSource& source, int64_t first, int64_t last, cv::Size network,
                                  const JobContext& job);

}  // namespace dff
