#include "core/eval/evaluate.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <opencv2/core.hpp>

#include "core/data/dataset.h"
#include "core/model/find_model.h"
#include "core/task/confusion.h"

namespace dff {
namespace {

constexpr int64_t kFirstScored = 9;  // the same frames for all intervals up to ten

/// Prepare to post of one frame, milliseconds.
double inferenceMs(const StageTimes& times) {
  double sum = 0;
  for (Stage s : {Stage::Prepare, Stage::Features, Stage::Flow, Stage::Warp, Stage::Head, Stage::Post})
    sum += std::max(0.0, times[s]);
  return sum;
}

/// What is counted at one distance from the key frame.
struct AtDistance {
  explicit AtDistance(int classes) : confusion(classes) {}
  ConfusionMatrix confusion;
  int64_t equal = 0, pixels = 0;
  double ms = 0;
  int64_t frames = 0;

  void add(const cv::Mat& truth, const Result& result, const cv::Mat& perFrame) {
    confusion.add(truth, result.labels);
    equal += cv::countNonZero(result.labels == perFrame);
    pixels += int64_t(perFrame.total());
    ms += inferenceMs(result.times);
    ++frames;
  }
};

/// A frame that has been through the feature network; what later frames are propagated from.
struct Known {
  KeyFeature key;
  Result result;
};

/// One walk over the data for one flow source: all distances up to the largest interval.
class Walk {
 public:
  Walk(Engine& engine, const Dataset& data, int largest)
      : engine_(engine), data_(data), atDistance_(largest, AtDistance(int(engine.spec().classes.size()))) {}

  void run(const JobContext& job, const std::string& what) {
    const int64_t first = data_.consecutive() ? std::max<int64_t>(kFirstScored, int64_t(atDistance_.size()) - 1) : 0;
    for (int64_t i = 0; i < data_.size(); ++i) {
      job.checkStop();
      job.progress(i, data_.size(), what);
      know(i);
      if (i >= first) score(i);
    }
    job.progress(data_.size(), data_.size(), what);
  }

  const std::vector<AtDistance>& distances() const { return atDistance_; }

 private:
  /// Runs the feature network on frame i and keeps the last few.
  void know(int64_t i) {
    auto frame = std::make_shared<Frame>();
    frame->rgb = data_.image(i);
    frame->index = i;
    StageTimes times;
    Known now{engine_.makeKey(frame, times), {}};
    engine_.setKey(now.key);
    now.result = engine_.resultOfKey(times);
    known_.push_front(std::move(now));
    if (known_.size() > atDistance_.size()) known_.pop_back();
  }

  void score(int64_t i) {
    const cv::Mat truth = data_.labels(i);
    const Known& now = known_.front();
    atDistance_[0].add(truth, now.result, now.result.labels);
    for (size_t d = 1; d < atDistance_.size(); ++d) {
      engine_.setKey(known_[d].key);
      atDistance_[d].add(truth, engine_.propagate(now.result.frame), now.result.labels);
    }
  }

  Engine& engine_;
  const Dataset& data_;
  std::vector<AtDistance> atDistance_;
  std::deque<Known> known_;  // newest first: known_[d] is d frames back
};

EvalRow rowOf(const std::string& flow, int interval, const std::vector<AtDistance>& at, const ModelSpec& spec) {
  EvalRow row{flow, interval, 0, {}, {}, 0, 0};
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

void check(const EvalOptions& options, const Dataset& data, const ModelSpec& spec) {
  if (options.intervals.empty() || options.flows.empty())
    throw UsageError("eval needs at least one interval and one flow source");
  const auto [smallest, largest] = std::minmax_element(options.intervals.begin(), options.intervals.end());
  if (*smallest < 1) throw UsageError(text("the interval ", *smallest, " is below 1"));
  if (data.classes().size() != spec.classes.size())
    fail("the data set ", options.dataset, " has ", data.classes().size(), " classes, the model ", spec.classes.size());
  if (!data.consecutive() && *largest > 1)
    fail("the frames of ", options.dataset, " are single stills, not a video: only --interval 1 can be evaluated");
  if (data.consecutive() && data.size() <= std::max<int64_t>(kFirstScored, *largest - 1))
    fail("the data set ", options.dataset, " has ", data.size(), " frames, too few for interval ", *largest);
}

}  // namespace

EvalReport evaluate(const EvalOptions& options, const JobContext& job) {
  const auto data = openDataset(options.dataset);
  const Package package = loadPackage(findModel(options.model));
  check(options, *data, package.spec);
  const InferenceScope scope(options.threads);
  const int largest = *std::max_element(options.intervals.begin(), options.intervals.end());
  EvalReport report{{}, 0, package.name(), package.sha256};
  for (const auto& flow : options.flows) {
    EngineOptions engineOptions = options.engine;
    engineOptions.flow = flow;
    Engine engine(package, engineOptions, job);
    Walk walk(engine, *data, largest);
    walk.run(job, flow);
    report.scoredFrames = walk.distances()[0].frames;
    for (int interval : options.intervals) report.rows.push_back(rowOf(flow, interval, walk.distances(), package.spec));
  }
  return report;
}

}  // namespace dff
