#pragma once
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/eval/average_precision.h"
#include "core/eval/chart.h"
#include "core/eval/mask_scores.h"
#include "core/eval/sweep.h"
#include "core/eval/track_scores.h"
#include "core/run/engine.h"

namespace dff {

/// What `dff eval` is told.
struct EvalOptions {
  std::string dataset;  ///< "KIND:PATH"
  std::string model;    ///< package folder or name; empty: the street model
  std::vector<int> intervals = {1, 2, 3, 5, 10};
  std::vector<std::string> flows = {"auto"};
  EngineOptions engine;  ///< its flow is replaced by each of `flows`
  int threads = 0;
  std::vector<std::string> policies = {};  ///< as in SweepOptions
};

template <class V>
void fields(EvalOptions& o, V&& v) {
  v("dataset", o.dataset, "labelled frames, KIND:FOLDER");
  v("model", o.model, "model package: a folder, or the name of a shipped one; by default street");
  v("interval", o.intervals, "key-frame intervals, l1,l2,...");
  v("flow", o.flows, "flow sources, a,b,...");
  v("policy", o.policies, "key-frame policies, a,b,..., NAME or NAME:option=value:...; each beside the fixed interval");
  // The engine's own flow is replaced by each of `flows`.
  fields(o.engine, [&](const char* name, auto& member, const char* help, Bounds bounds = {}) {
    if (std::string_view(name) != "flow") v(name, member, help, bounds);
  });
  v("threads", o.threads, "threads of the networks; 0: one a core", Bounds{0, 1024});
}

/// Boxes at one interval: means over the distances from the key frame, as with the mIoU.
struct EvalBoxes {
  BoxScores mean;                     ///< ap50OfClass left empty, see ap50PerClass
  std::vector<BoxScores> byDistance;  ///< at d = 0 .. interval-1
  std::map<std::string, double> ap50PerClass;
  BoxScores perFrame;           ///< of per-frame inference on the frames scored
  double detectMsPerFrame = 0;  ///< what detection costs beside msPerFrame
};

/// Masks of objects at one interval, likewise.
struct EvalMasks {
  MaskScores mean;
  std::vector<MaskScores> byDistance;
  MaskScores perFrame;
};

/// Detection and tracking of a sequence that has identities but no labels of pixels.
struct EvalTracks {
  BoxScores boxes;
  TrackScores tracks;
};

/// One combination of flow source and interval. Means are over the distances d = 0 .. interval-1 from the key frame;
/// below 0: not known.
struct EvalRow {
  std::string flow;
  std::string propagate;
  int interval = 1;
  double miou = -1;
  std::map<std::string, double> perClass;  ///< the same mean of each class's IoU; classes without ground truth left out
  std::vector<double> byDistance;          ///< mIoU at d = 0 .. interval-1
  double perFrame = -1;                    ///< mIoU of per-frame inference on the frames scored
  int64_t scoredFrames = 0;
  double agreement = -1;  ///< share of pixels equal to per-frame inference
  std::vector<double> agreementByDistance;
  /// Share of pixels whose class is that of the frame before, moved along a neutral flow; at a key frame the frame
  /// before is the last one of the key before it.
  double consistency = -1, consistencyPerFrame = -1;
  std::vector<double> consistencyByDistance;
  double endPointError = -1;  ///< of the flow to the key frame, pixels of the video, mean over d = 1 .. interval-1
  std::vector<double> endPointErrorByDistance;
  std::optional<EvalBoxes> boxes;    ///< where the model detects and the data know boxes
  std::optional<EvalMasks> masks;    ///< where the data are objects before a background
  std::optional<EvalTracks> tracks;  ///< instead of all the others, for data without labels
  double msPerFrame = 0;             ///< prepare to post, key and non-key frames in the interval's proportion
};

struct EvalReport {
  std::vector<EvalRow> rows;
  int64_t scoredFrames = 0;
  std::string modelName, modelSha256;
  std::vector<SweepPoint> policies = {};  ///< each with what the fixed interval reaches with as many keys
};

/// Accuracy against the key-frame interval (the paper's protocol): every labelled frame with index >= 9 (or the largest
/// interval less one, where that is more; in snippets, those that have so many frames before them) is segmented from
/// the key frame d frames before it, the mIoU taken per d over all those frames, and averaged over d. Where propagation
/// reads ahead, the next key is frame min(t - d + l, last) for a scored frame t, the last frame itself is not scored,
/// and each interval is a walk of its own. A policy is run over the whole video for every interval above 1, with as
/// many keys as the fixed interval has there, and all frames are scored. Interval 1 is per-frame inference whatever the
/// propagation. Stills that are not consecutive: interval 1, every frame. Throws Error when the data does not fit the
/// model or is too short.
EvalReport evaluate(const EvalOptions& options, const JobContext& job);

nlohmann::json toJson(const EvalReport& report);

/// One line for every flow source, interval and distance from the key frame, and one for each mean (distance empty).
std::string csvOf(const EvalReport& report);

/// Everything that was measured against the interval and, at the largest one, against the distance from the key frame.
Figure figureOf(const EvalReport& report);

/// The rows as a table for people, with accuracy by distance from the key frame and per-class IoU.
std::string summary(const EvalReport& report);

}  // namespace dff
