#include "core/eval/evaluate.h"

#include <algorithm>
#include <numeric>
#include <opencv2/core.hpp>
#include <optional>

#include "core/data/dataset.h"
#include "core/eval/evaluate_tracks.h"
#include "core/model/find_model.h"
#include "core/run/run_report.h"
#include "core/task/confusion.h"

namespace dff {
namespace {

constexpr int64_t kFirstScored = 9;  // the same frames for all intervals up to ten

/// What a data set says of one frame; boxes with the model's classes.
struct Truth {
  cv::Mat labels;
  std::vector<LabelledBox> boxes;
};

/// Whether boxes can be scored at all.
bool scoresBoxes(const Dataset& data, const Engine& engine) {
  return engine.spec().detection && !data.boxClasses().empty() && taskChosen(engine.options().tasks, "boxes");
}

/// What is counted at one distance from the key frame.
struct AtDistance {
  explicit AtDistance(const ModelSpec& spec)
      : confusion(int(spec.classes.size())), boxes(spec.detection ? int(spec.detection->classes.size()) : 0) {}
  ConfusionMatrix confusion;
  BoxScorer boxes;
  int64_t equal = 0, pixels = 0;
  double ms = 0, detectMs = 0;
  int64_t frames = 0;

  void add(const Truth& truth, const Result& result, const cv::Mat& perFrame) {
    confusion.add(truth.labels, result.labels);
    boxes.add(truth.boxes, result.boxes);
    detectMs += std::max(0.0, result.times[Stage::Detect]);
    equal += cv::countNonZero(result.labels == perFrame);
    pixels += int64_t(perFrame.total());
    ms += inferenceMs(result.times);
    ++frames;
  }
};

/// A frame that has been through the feature network, and what that network alone says of it.
struct Known {
  KeyPtr key;
  Result result;
};

/// One walk over the data for one flow source: all distances up to the largest interval. Where the next key is read
/// too, that interval is the distance of the two.
class Walk {
 public:
  Walk(Engine& engine, const Dataset& data, int largest)
      : engine_(engine),
        data_(data),
        atDistance_(size_t(largest), AtDistance(engine.spec())),
        perFrame_(engine.spec()),
        last_(data.size() - 1),
        twoKeys_(engine.readsAhead() && largest > 1) {}

  void run(int64_t first, const JobContext& job, const std::string& what) {
    // The last frame would be a key itself.
    for (int64_t i = first; i <= (twoKeys_ ? last_ - 1 : last_); ++i) {
      job.checkStop();
      job.progress(i, data_.size(), what);
      score(i);
      known_.erase(known_.begin(), known_.lower_bound(i - 2 * interval()));
      blended_.erase(blended_.begin(), blended_.lower_bound({i - interval(), 0}));
    }
    job.progress(data_.size(), data_.size(), what);
  }

  const std::vector<AtDistance>& distances() const { return atDistance_; }
  const AtDistance& perFrame() const { return perFrame_; }

 private:
  int64_t interval() const { return int64_t(atDistance_.size()); }

  const Known& known(int64_t i) {
    auto [at, isNew] = known_.try_emplace(i);
    if (!isNew) return at->second;
    auto frame = std::make_shared<Frame>();
    frame->rgb = data_.image(i);
    frame->index = i;
    StageTimes times;
    at->second.key = engine_.makeKey(frame, times);
    at->second.result = engine_.resultOfKey(*at->second.key, times);
    return at->second;
  }

  /// Key i as it is read: blended with the keys before and after it where the engine does so.
  const Known& blended(int64_t before, int64_t i, int64_t after) {
    if (!twoKeys_ || !engine_.aggregatesKeys()) return known(i);
    auto [at, isNew] = blended_.try_emplace({i, before});
    if (!isNew) return at->second;
    const auto keyAt = [&](int64_t n) { return n >= 0 && n != i ? known(n).key : KeyPtr(); };
    StageTimes times = known(i).result.times;
    for (Stage stage : {Stage::Head, Stage::Post, Stage::Detect}) times[stage] = -1;  // they run again
    at->second.key = engine_.aggregate(known(i).key, keyAt(before), keyAt(after), times);
    at->second.result = engine_.resultOfKey(*at->second.key, times);
    return at->second;
  }

  /// The key d frames before i, and the one after i.
  std::pair<const Known*, const Known*> keysAround(int64_t i, int64_t d) {
    const int64_t previous = i - d, next = std::min(previous + interval(), last_),
                  afterNext = std::min(next + interval(), last_);
    return {&blended(previous - interval(), previous, next), twoKeys_ ? &blended(previous, next, afterNext) : nullptr};
  }

  Truth truthOf(int64_t i) const {
    Truth truth{data_.labels(i), {}};
    if (scoresBoxes(data_, engine_))
      truth.boxes = withClasses(data_.boxes(i), data_.boxClasses(), namesOf(engine_.spec().detection->classes));
    return truth;
  }

  void score(int64_t i) {
    const Truth truth = truthOf(i);
    const cv::Mat perFrame = known(i).result.labels;
    perFrame_.add(truth, known(i).result, perFrame);
    for (int64_t d = 0; d < interval(); ++d) {
      const auto [previous, next] = keysAround(i, d);
      const Result result = d == 0
                                ? previous->result
                                : engine_.propagate(known(i).result.frame, previous->key, next ? next->key : nullptr);
      atDistance_[size_t(d)].add(truth, result, perFrame);
    }
  }

  Engine& engine_;
  const Dataset& data_;
  std::vector<AtDistance> atDistance_;
  AtDistance perFrame_;
  int64_t last_;
  bool twoKeys_;
  std::map<int64_t, Known> known_;                        // by frame
  std::map<std::pair<int64_t, int64_t>, Known> blended_;  // by frame and the key before it
};

/// Adds to a mean over `count` values; one that is not known makes the mean unknown.
void addShare(double& mean, double value, int count, bool first) {
  if (first) mean = 0;
  mean = mean < 0 || value < 0 ? -1 : mean + value / count;
}

EvalBoxes boxesOf(const Walk& walk, int interval, const std::vector<std::string>& names) {
  EvalBoxes boxes;
  for (int d = 0; d < interval; ++d) {
    const AtDistance& at = walk.distances()[size_t(d)];
    const BoxScores s = at.boxes.scores();
    boxes.ap50ByDistance.push_back(s.ap50);
    for (double BoxScores::*score :
         {&BoxScores::ap50, &BoxScores::ap, &BoxScores::apSmall, &BoxScores::apMedium, &BoxScores::apLarge})
      addShare(boxes.mean.*score, s.*score, interval, d == 0);
    for (size_t c = 0; c < names.size(); ++c)
      if (s.ap50OfClass[c] >= 0) boxes.ap50PerClass[names[c]] += s.ap50OfClass[c] / interval;
    boxes.detectMsPerFrame += at.detectMs / double(at.frames) / interval;
  }
  boxes.ap50PerFrame = walk.perFrame().boxes.scores().ap50;
  return boxes;
}

EvalRow rowOf(const std::string& flow, int interval, const Walk& walk, const ModelSpec& spec) {
  const std::vector<AtDistance>& at = walk.distances();
  EvalRow row;
  row.flow = flow;
  row.interval = interval;
  row.perFrame = walk.perFrame().confusion.meanIou();
  row.scoredFrames = at[0].frames;
  for (int d = 0; d < interval; ++d) {
    row.byDistance.push_back(at[d].confusion.meanIou());
    row.agreement += double(at[d].equal) / double(at[d].pixels) / interval;
    row.msPerFrame += at[d].ms / double(at[d].frames) / interval;
    const auto iou = at[d].confusion.iou();
    for (size_t c = 0; c < iou.size(); ++c)
      if (iou[c] >= 0) row.perClass[spec.classes[c].name] += iou[c] / interval;
  }
  row.miou = std::accumulate(row.byDistance.begin(), row.byDistance.end(), 0.0) / interval;
  return row;
}

EvalReport evaluateAllTracks(const EvalOptions& options, const Dataset& data, const Package& package,
                             const JobContext& job) {
  if (!package.spec.detection || !taskChosen(options.engine.tasks, "boxes"))
    fail("the data set ", options.dataset, " has boxes only, and this run finds none: choose a model that detects");
  EvalReport report{{}, data.size(), package.name(), package.sha256};
  for (const auto& flow : options.flows) {
    EngineOptions engineOptions = options.engine;
    engineOptions.flow = flow;
    Engine engine(package, engineOptions, job);
    for (const int interval : options.intervals) {
      EvalRow row;
      row.flow = flow;
      row.propagate = options.engine.propagate;
      row.interval = interval;
      row.scoredFrames = data.size();
      row.tracks = evaluateTracks(data, engine, interval, options.threads, job);
      report.rows.push_back(row);
    }
  }
  return report;
}

void check(const EvalOptions& options, const Dataset& data, const ModelSpec& spec) {
  if (options.intervals.empty() || options.flows.empty())
    throw UsageError("eval needs at least one interval and one flow source");
  const auto [smallest, largest] = std::minmax_element(options.intervals.begin(), options.intervals.end());
  if (*smallest < 1) throw UsageError(text("the interval ", *smallest, " is below 1"));
  if (!data.hasLabels()) return;
  if (!taskChosen(options.engine.tasks, "seg")) throw UsageError("eval scores classes: leave \"seg\" in --tasks");
  if (data.classes().size() != spec.classes.size())
    fail("the data set ", options.dataset, " has ", data.classes().size(), " classes, the model ", spec.classes.size());
  if (!data.consecutive() && *largest > 1)
    fail("the frames of ", options.dataset, " are single stills, not a video: only --interval 1 can be evaluated");
  const bool readsAhead = findPropagator(options.engine.propagate).readsAhead();
  if (data.consecutive() && data.size() <= std::max<int64_t>(kFirstScored, *largest - 1) + readsAhead)
    fail("the data set ", options.dataset, " has ", data.size(), " frames, too few for interval ", *largest);
}

}  // namespace

EvalReport evaluate(const EvalOptions& options, const JobContext& job) {
  const auto data = openDataset(options.dataset);
  const Package package = loadPackage(findModel(options.model));
  check(options, *data, package.spec);
  for (const auto& warning : data->warnings()) job.warn(warning);
  const InferenceScope scope(options.threads);
  if (!data->hasLabels()) return evaluateAllTracks(options, *data, package, job);
  const int largest = *std::max_element(options.intervals.begin(), options.intervals.end());
  const int64_t first = data->consecutive() ? std::max<int64_t>(kFirstScored, largest - 1) : 0;
  EvalReport report{{}, 0, package.name(), package.sha256};
  for (const auto& flow : options.flows) {
    EngineOptions engineOptions = options.engine;
    engineOptions.flow = flow;
    Engine engine(package, engineOptions, job);
    std::optional<Walk> walk;
    for (int interval : options.intervals) {
      if (!walk || engine.readsAhead()) {  // else one walk serves all
        walk.emplace(engine, *data, engine.readsAhead() ? interval : largest);
        walk->run(first, job, flow);
      }
      report.rows.push_back(rowOf(flow, interval, *walk, package.spec));
      if (scoresBoxes(*data, engine))
        report.rows.back().boxes = boxesOf(*walk, interval, namesOf(package.spec.detection->classes));
      report.rows.back().propagate = options.engine.propagate;
    }
  }
  report.scoredFrames = report.rows.front().scoredFrames;
  return report;
}

}  // namespace dff
