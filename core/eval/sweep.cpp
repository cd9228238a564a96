#include "core/eval/sweep.h"

#include <algorithm>
#include <optional>
#include <set>

#include "core/data/label_folder.h"
#include "core/eval/label_agreement.h"
#include "core/eval/sweep_stretches.h"
#include "core/media/frame_source.h"
#include "core/model/find_model.h"
#include "core/run/frame_runner.h"
#include "core/run/run_report.h"
#include "core/schedule/key_policy.h"
#include "core/task/confusion.h"

namespace dff {
namespace {

/// A flow source with a propagation that goes with it, and where its keys are put.
struct Way {
  std::string flow, propagate, policy;
  auto operator<=>(const Way&) const = default;
};

constexpr int kLongestOfInterval = 4;  // most frames from key to key of a policy, in intervals

double median(std::vector<float> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// What is gathered of one setting over all stretches.
struct Tally {
  explicit Tally(int classes) : agreement(classes), confusion(classes) {}

  LabelAgreement agreement;
  ConfusionMatrix confusion;
  std::vector<float> keyMs, otherMs;
  int64_t labelled = 0;

  void add(const Result& result, const cv::Mat& perFrame, const cv::Mat& truth) {
    (result.isKey ? keyMs : otherMs).push_back(float(inferenceMs(result.times)));
    agreement.add(result.labels, perFrame);
    if (truth.empty()) return;
    confusion.add(truth, result.labels);
    ++labelled;
  }
  double msPerFrame() const {
    const double keys = double(keyMs.size()), others = double(otherMs.size());
    return (keys * median(keyMs) + others * median(otherMs)) / (keys + others);
  }
};

/// Every way of the options once. One that carries the key's feature as it is needs no flow: "copy" by another name.
std::vector<Way> waysOf(const SweepOptions& options) {
  std::vector<Way> ways;
  for (const auto& policy : options.policies)
    for (const auto& flow : options.flows)
      for (const auto& propagate : options.propagations) {
        findPolicy(policy);  // an unknown name is an error
        const Way way =
            findPropagator(propagate).usesFlow ? Way{flow, propagate, policy} : Way{"copy", "causal", policy};
        if (std::find(ways.begin(), ways.end(), way) == ways.end()) ways.push_back(way);
      }
  return ways;
}

std::vector<int> intervalsOf(const SweepOptions& options) {
  std::set<int> intervals(options.intervals.begin(), options.intervals.end());
  if (!intervals.empty() && *intervals.begin() < 1)
    throw UsageError(text("the interval ", *intervals.begin(), " is below 1"));
  intervals.erase(1);  // per-frame inference is run anyway
  return {intervals.begin(), intervals.end()};
}

class Sweep {
 public:
  Sweep(const SweepOptions& options, const JobContext& job)
      : options_(options),
        job_(job),
        source_(openSource(options.input)),
        package_(loadPackage(findModel(options.model))),
        intervals_(intervalsOf(options)),
        perFrame_(classes()) {
    const int64_t frames = int64_t(source_->info().times.size());
    report_.first = options.start;
    report_.last = options.end < 0 ? frames - 1 : options.end;
    if (report_.first > report_.last || report_.last >= frames)
      throw UsageError(
          text("the range ", report_.first, " to ", report_.last, " does not lie in the video's ", frames, " frames"));
    if (classes() == 0) fail("the model ", package_.name(), " names no classes of pixels, which a sweep compares");
    if (!options.labels.empty()) labels_ = LabelFolder(options.labels, frames);
    report_.modelName = package_.name();
    report_.modelSha256 = package_.sha256;
    makeEngines();
  }

  SweepReport run(const std::function<void(const SweepReport&)>& onReport) {
    const InferenceScope scope(options_.threads);
    const auto stretches = stretchesOf(bounds(), labelledFrames());
    for (const auto& [first, last] : stretches) report_.framesWanted += last - first + 1;
    total_ = report_.framesWanted * int64_t(1 + runs_.size() * intervals_.size());
    for (const auto& [first, last] : stretches) {
      read(first, last);
      walk(*plain_, keysFor("fixed", 1), perFrame_, "per frame");
      report_.framesRun += last - first + 1;
      tell(onReport);
      for (auto& run : runs_)
        for (size_t i = 0; i < intervals_.size(); ++i) {
          walk(*run.engine, keysFor(run.way.policy, intervals_[i]), run.tallies[i],
               text(run.way.flow, " ", run.way.propagate, " ", run.way.policy, ", interval ", intervals_[i]));
          tell(onReport);
        }
    }
    return report_;
  }

 private:
  struct Run {
    Way way;
    std::unique_ptr<Engine> engine;
    std::vector<Tally> tallies;  // by interval
  };

  int classes() const { return int(package_.spec.classes.size()); }

  std::unique_ptr<Engine> makeEngine(const Way& way) const {
    EngineOptions options = options_.engine;
    options.flow = way.flow;
    options.propagate = way.propagate;
    options.tasks = {"seg"};
    return std::make_unique<Engine>(package_, options, job_);
  }

  void makeEngines() {
    plain_ = makeEngine({"copy", "causal", "fixed"});
    report_.precision = plain_->bfloat16() ? "bf16" : "fp32";
    for (const Way& way : waysOf(options_)) {
      makeFlowSource(way.flow, package_.model);  // an unknown name is an error
      try {
        runs_.push_back({way, makeEngine(way), std::vector<Tally>(intervals_.size(), Tally(classes()))});
      } catch (const UsageError& e) {
        job_.log(e.what());  // these two do not go together
      }
    }
  }

  StretchBounds bounds() const {
    const int64_t largest = intervals_.empty() ? 1 : intervals_.back();
    const SourceInfo& info = source_->info();
    return {report_.first, report_.last, largest, options_.frames, int64_t(info.width) * info.height};
  }

  std::vector<int64_t> labelledFrames() const {
    std::vector<int64_t> frames;
    for (const auto& [frame, file] : labels_.files())
      if (frame >= report_.first && frame <= report_.last) frames.push_back(frame);
    return frames;
  }

  void read(int64_t first, int64_t last) {
    frames_.clear();
    planned_.clear();
    reference_.clear();
    source_->seek(first);
    while (FramePtr frame = source_->next()) {
      job_.checkStop();
      if (frame->index > last) break;
      frames_.push_back(std::move(frame));
    }
    if (frames_.empty()) fail("no frame from ", first, " to ", last, " of ", options_.input, " could be decoded");
  }

  /// The keys of a run over the frames in memory; a policy puts one frame in `interval`, where it sees fit.
  KeyPlanOptions keysFor(const std::string& policy, int interval) {
    const KeyPlanOptions grid{interval, frames_.front()->index, true};
    if (!findPolicy(policy).score) return grid;
    for (size_t i = planned_.size(); i < frames_.size(); ++i)
      planned_.push_back(planFrame(*frames_[i], networkSize(frames_[i]->rgb.size(), package_.spec.input),
                                   i ? &planned_.back() : nullptr));
    PolicyOptions options;
    options.policy = policy;
    options.minInterval = 1;
    options.maxInterval = kLongestOfInterval * interval;
    options.keyShare = 1. / interval;
    return {kNoGrid, frames_.front()->index, true, placeKeys(planned_, options).keys};
  }

  /// One run over the frames in memory; the run of per-frame inference sets what the others are compared with.
  void walk(Engine& engine, const KeyPlanOptions& keys, Tally& tally, const std::string& what) {
    KeyPlan plan(keys);
    size_t at = 0;
    FrameRunner runner(engine, plan, [&](Result&& result) {
      job_.checkStop();
      if (&tally == &perFrame_) reference_.push_back(result.labels);
      const cv::Mat truth = labels_.labels(result.frame->index, result.labels.size());
      tally.add(result, reference_[at++], truth);
      job_.progress(++done_, total_, what);
    });
    for (const auto& frame : frames_) runner.push({frame, {}});
    runner.finish();
  }

  SweepPoint pointOf(const Way& way, int interval, const Tally& tally) const {
    SweepPoint point{way.flow, way.propagate, interval};
    if (!way.policy.empty()) point.policy = way.policy;
    point.agreement = tally.agreement.share();
    if (tally.labelled) point.miou = tally.confusion.meanIou();
    point.msPerFrame = tally.msPerFrame();
    point.speedUp = perFrame_.msPerFrame() / point.msPerFrame;
    point.keyFrames = int64_t(tally.keyMs.size());
    point.frames = point.keyFrames + int64_t(tally.otherMs.size());
    return point;
  }

  void tell(const std::function<void(const SweepReport&)>& onReport) {
    report_.points = {pointOf({}, 1, perFrame_)};
    report_.points[0].modelMs = report_.points[0].msPerFrame;
    report_.labelled = perFrame_.labelled;
    for (const Run& run : runs_) {
      std::vector<float> others;  // what a frame between keys costs does not depend on the interval
      for (const Tally& tally : run.tallies) others.insert(others.end(), tally.otherMs.begin(), tally.otherMs.end());
      for (size_t i = 0; i < intervals_.size(); ++i) {
        if (run.tallies[i].keyMs.empty()) continue;
        report_.points.push_back(pointOf(run.way, intervals_[i], run.tallies[i]));
        report_.points.back().modelMs = costModelMs(intervals_[i], perFrame_.msPerFrame(), median(others));
      }
    }
    if (onReport) onReport(report_);
  }

  const SweepOptions& options_;
  const JobContext& job_;
  std::unique_ptr<FrameSource> source_;
  Package package_;
  std::vector<int> intervals_;
  LabelFolder labels_;
  std::unique_ptr<Engine> plain_;
  std::vector<Run> runs_;
  Tally perFrame_;
  std::vector<FramePtr> frames_;
  std::vector<PlanFrame> planned_;  // what policies see of them, once one asked
  std::vector<cv::Mat> reference_;  // labels of per-frame inference on frames_
  SweepReport report_;
  int64_t done_ = 0, total_ = 0;
};

}  // namespace

double costModelMs(int interval, double keyMs, double otherMs) {
  return keyMs / interval + (1 - 1.0 / interval) * otherMs;
}

SweepReport sweep(const SweepOptions& options, const JobContext& job,
                  const std::function<void(const SweepReport&)>& onReport) {
  return Sweep(options, job).run(onReport);
}

}  // namespace dff
