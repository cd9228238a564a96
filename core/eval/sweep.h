#pragma once
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/base/fields.h"
#include "core/base/job.h"
#include "core/run/engine.h"

namespace dff {

/// What a sweep is told.
struct SweepOptions {
  std::string input;  ///< video, image folder, or a data set that is one video, "KIND:PATH"
  std::string model;  ///< package folder or name; empty: the street model
  int64_t start = 0;  ///< first frame of the range
  int64_t end = -1;   ///< last one, included; -1: the last of the file
  std::vector<int> intervals = {1, 2, 3, 5, 10, 15, 20, 30};
  std::vector<std::string> flows = {"auto", "copy"};
  std::vector<std::string> propagations = {"two-sided", "causal"};
  /// Where keys are put; others than "fixed" place as many as the fixed interval does, and may be "NAME:options" as for
  /// parsePolicy(), without limit and share.
  std::vector<std::string> policies = {"fixed"};
  std::string labels;         ///< folder of label images, see LabelFolder; empty: none
  int64_t frames = 240;       ///< most frames that are run, in stretches spread over the range
  EngineOptions engine = {};  ///< its flow and propagation are replaced by each of the above
  int threads = 0;
  std::string cells = {};  ///< file that keeps what is finished, so that an ended sweep goes on; empty: none
};

template <class V>
void fields(SweepOptions& o, V&& v) {
  v("input", o.input, "video, image folder, or a data set KIND:PATH that is one video");
  v("model", o.model, "model package: a folder, or the name of a shipped one; by default street");
  v("start", o.start, "first frame", Bounds{0, 1e15});
  v("end", o.end, "last frame; -1: the last of the file", Bounds{-1, 1e15});
  v("interval", o.intervals, "key-frame intervals, l1,l2,...");
  v("flow", o.flows, "flow sources, a,b,...");
  v("propagate", o.propagations, "ways to carry features, a,b,...");
  v("policy", o.policies, "where key frames are put, a,b,...; as many as the interval puts");
  v("labels", o.labels, "folder of label images, one PNG a frame");
  v("frames", o.frames, "most frames that are run, in stretches spread over the range", Bounds{2, 1e9});
  v("precision", o.engine.precision, "auto, fp32, bf16 or int8");
  v("threads", o.threads, "threads of the networks; 0: one a core", Bounds{0, 1024});
}

/// One setting and what it costs and buys.
struct SweepPoint {
  std::string flow, propagate;  ///< both empty at interval 1, which is per-frame inference whatever the way
  int interval = 1;
  double agreement = 1;   ///< share of pixels with the class that per-frame inference names
  double miou = -1;       ///< against the label images; below 0: no frame that was run has one
  double msPerFrame = 0;  ///< prepare to post: medians of key and other frames, in the proportion of the run
  double speedUp = 1;     ///< against interval 1 of the same sweep
  double modelMs = 0;     ///< what the cost model gives for this interval, see costModelMs()
  int64_t frames = 0, keyFrames = 0;
  std::string policy = "fixed";
  /// Of a policy that adapts: what the fixed interval reaches with as many keys, mean over where its grid begins; below
  /// 0: not known.
  double fixedAgreement = -1, fixedMiou = -1;
  int64_t fixedKeyFrames = -1;

  bool perFrame() const { return interval == 1; }
};

struct SweepReport {
  std::vector<SweepPoint> points;  ///< per-frame inference first, then way by way, intervals rising
  int64_t first = 0, last = 0;     ///< the range
  int64_t framesRun = 0;           ///< of it, so far, by per-frame inference
  int64_t framesWanted = 0;
  int64_t labelled = 0;  ///< frames run that have a label image
  std::string modelName, modelSha256, precision;
};

/// T(l) = T_head + T_feat / l + (1 - 1/l) (T_flow + T_warp), from what a key frame and any other frame take as a whole.
double costModelMs(int interval, double keyMs, double otherMs);

/// Runs every sensible combination of flow source, propagation and interval over the range and compares each with
/// per-frame inference on the same frames. `onReport` (may be empty) is given what is known after every run, on the
/// calling thread. Combinations that do not go together are left out. Throws Error or UsageError for what cannot be
/// run at all, Interrupted when the job is stopped.
SweepReport sweep(const SweepOptions& options, const JobContext& job,
                  const std::function<void(const SweepReport&)>& onReport = {});

/// Points as CSV with a header line: flow, propagate, interval, ms_per_frame, speed_up, cost_model_ms, agreement, miou
/// (empty: no labels), frames, key_frames, policy, fixed_agreement, fixed_miou, fixed_key_frames (empty but for
/// policies that adapt).
std::string toCsv(const SweepReport& report);

nlohmann::json toJson(const SweepPoint& point);
nlohmann::json toJson(const SweepReport& report);

}  // namespace dff
