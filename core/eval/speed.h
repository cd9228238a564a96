#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/fields.h"
#include "core/base/job.h"
#include "core/eval/chart.h"
#include "core/run/engine.h"

namespace dff {

/// What `dff bench` is told.
struct SpeedOptions {
  std::string input;  ///< video or image folder; empty: the shipped sample
  std::string model;  ///< package folder or name, or one of paperModels() with random weights; empty: the street model
  std::vector<int> intervals = {1, 2, 3, 5, 10, 20};
  int frames = 40;                      ///< of the input, decoded beforehand: whole intervals, or keys are too many
  int rounds = 3;                       ///< all intervals in turn, this many times
  std::vector<std::string> precisions;  ///< measured one beside the other; empty: the engine's
  std::vector<int> threads = {0};       ///< of the networks; 0: one a core
  EngineOptions engine;
};
template <class V>
void fields(SpeedOptions& o, V&& v) {
  v("input", o.input, "video or image folder; by default the shipped sample");
  v("model", o.model,
    "model package: a folder, the name of a shipped one, or of a model of the paper, with random weights; by default "
    "street");
  v("interval", o.intervals, "key-frame intervals, l1,l2,...");
  v("frames", o.frames, "frames of the input that are used", Bounds{2, 100000});
  v("rounds", o.rounds, "how often all intervals are measured in turn", Bounds{1, 1000});
  v("precisions", o.precisions, "precisions measured one beside the other, fp32,int8; by default that of --precision");
  v("threads", o.threads, "threads of the networks, n1,n2,...; 0: one a core");
  fields(o.engine, v);
}

/// How even the frames of a run are, milliseconds by their stages.
struct FrameTimes {
  double percentile99 = 0, worst = 0;
};

/// The speed of one interval.
struct SpeedRow {
  int interval = 1;
  double msPerFrame = 0;   ///< by the clock: median over the rounds of a pass's time divided by its frames
  double speedUp = 1;      ///< against interval 1: median over the rounds of the ratio within a round
  double bound = 1;        ///< what the cost model allows with the stage times measured at interval 1 and the largest
  FrameTimes frames = {};  ///< medians over the rounds
  std::optional<FrameTimes> spread = {};  ///< the same with the keys spread; none where that was not asked for
};

/// One precision and number of threads.
struct SpeedSeries {
  std::string precision;
  int threads = 0;
  std::vector<SpeedRow> rows;
  double keyMs = 0;                               ///< median of a key frame, prepare to boxes
  double otherMs = 0;                             ///< median of a non-key frame, prepare to boxes
  double featuresMs = 0, flowMs = 0, warpMs = 0;  ///< medians
  double detectMs = 0;                            ///< median; 0 where no boxes are asked for
};

struct SpeedReport {
  std::vector<SpeedSeries> series;
};

/// Times per-frame inference against Deep Feature Flow at each interval, for each precision and number of threads, in
/// paired rounds on frames in memory: all of them in turn, several times.
/// With `engine.spread` each interval above it is run a second time with the keys spread; all else is without.
/// The cost model: speed-up = l / (1 + (l - 1) q), q = cost of a non-key frame / cost of a key frame.
SpeedReport measureSpeed(const SpeedOptions& options, const JobContext& job);

nlohmann::json toJson(const SpeedReport& report);
std::string summary(const SpeedReport& report);

/// Speed-up and time a frame against the interval, with what the cost model allows.
Figure figureOf(const SpeedReport& report);

}  // namespace dff
