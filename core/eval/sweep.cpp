#include "core/eval/sweep.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/eval/fixed_grid.h"
#include "core/eval/sweep_cells.h"
#include "core/eval/sweep_input.h"
#include "core/eval/sweep_stretches.h"
#include "core/eval/sweep_tally.h"
#include "core/eval/sweep_ways.h"
#include "core/model/find_model.h"
#include "core/run/frame_runner.h"
#include "core/run/plan_keys.h"

namespace dff {
namespace {

/// What per-frame inference says of a stretch.
struct Reference {
  std::vector<cv::Mat> labels;
  SweepTally tally;
};

/// Frames that are run together, and what is found out about them when it is needed.
struct Stretch {
  int64_t first = 0, last = 0;
  std::vector<FramePtr> frames = {};
  std::vector<PlanFrame> planned = {};
  std::optional<Reference> reference = {};
  int64_t decoded = 0;  // frames: some may be lost to damage
  int64_t size() const { return last - first + 1; }
};

/// One way, and what it did at each interval.
struct Run {
  SweepWay way;
  std::unique_ptr<Engine> engine;
  std::vector<SweepTally> tallies;
};

/// What policies are compared with: a way with the fixed interval, from several offsets.
struct Fixed {
  Engine* engine;
  std::vector<SweepTally> tallies;                     // by interval
  std::vector<int64_t> keysOfStretch = {}, keys = {};  // by interval, of one run; keys: of all stretches so far
};

class Sweep {
 public:
  Sweep(const SweepOptions& options, const JobContext& job)
      : options_(options),
        job_(job),
        package_(loadPackage(findModel(options.model))),
        input_(options.input, options.labels, classes(), job),
        intervals_(intervalsOf(options)),
        perFrame_(classes()) {
    const int64_t frames = input_.frames();
    report_.first = options.start;
    report_.last = options.end < 0 ? frames - 1 : options.end;
    if (report_.first > report_.last || report_.last >= frames)
      throw UsageError(
          text("the range ", report_.first, " to ", report_.last, " does not lie in the video's ", frames, " frames"));
    if (classes() == 0) fail("the model ", package_.name(), " names no classes of pixels, which a sweep compares");
    report_.modelName = package_.name();
    report_.modelSha256 = package_.sha256;
    for (auto& flow : options_.flows) flow = chosenFlow(flow, package_.spec);
    makeEngines();
    if (!options.cells.empty()) cells_ = SweepCells(options.cells, madeFrom(), job);
  }

  SweepReport run(const std::function<void(const SweepReport&)>& onReport) {
    const InferenceScope scope(options_.threads);
    const auto stretches = stretchesOf(bounds(), labelledFrames());
    for (const auto& [first, last] : stretches) report_.framesWanted += last - first + 1;
    total_ = report_.framesWanted * walksOverAStretch();
    for (const auto& [first, last] : stretches) {
      stretch_ = Stretch{first, last};
      const SweepTally perFrame = part("per frame", 1, [&] { return reference(true).tally; });
      stretch_.decoded = perFrame.frames();
      perFrame_.add(perFrame);
      report_.framesRun += stretch_.size();
      tell(onReport);
      for (auto& [way, fixed] : fixed_)
        for (size_t i = 0; i < intervals_.size(); ++i) runFixed(way.first + " " + way.second, fixed, i);
      for (auto& run : runs_)
        for (size_t i = 0; i < intervals_.size(); ++i) {
          runSetting(run, i);
          tell(onReport);
        }
    }
    return report_;
  }

 private:
  int classes() const { return int(package_.spec.classes.size()); }

  EngineOptions engineOptions(const SweepWay& way) const {
    EngineOptions options = options_.engine;
    options.flow = way.flow;
    options.propagate = way.propagate;
    options.tasks = {"seg"};
    return options;
  }

  void makeEngines() {
    plain_ = std::make_unique<Engine>(package_, engineOptions(SweepWay{"copy", "causal", "fixed"}), job_);
    report_.precision = nameOf(plain_->precision());
    const std::vector<SweepTally> none(intervals_.size(), SweepTally(classes()));
    const std::vector<int64_t> noKeys(intervals_.size(), 0);
    for (const SweepWay& way : waysOf(options_)) {
      makeFlowSource(way.flow, package_.model);  // an unknown name is an error
      try {
        runs_.push_back({way, std::make_unique<Engine>(package_, engineOptions(way), job_), none});
      } catch (const UsageError& e) {
        job_.log(e.what());  // these two do not go together
        continue;
      }
      if (way.adapts()) fixed_.try_emplace(way.carrying(), Fixed{runs_.back().engine.get(), none, noKeys, noKeys});
    }
  }

  /// What the parts of a sweep depend on, besides what their names say.
  nlohmann::json madeFrom() const {
    return {{"input", options_.input},          {"identity", input_.identity()}, {"model", package_.sha256},
            {"precision", report_.precision},   {"threads", options_.threads},   {"labels", options_.labels},
            {"engine", toJson(options_.engine)}};
  }

  int64_t walksOverAStretch() const {
    int64_t walks = 1 + std::ssize(runs_) * std::ssize(intervals_);
    for (const int interval : intervals_) walks += std::ssize(fixed_) * std::ssize(gridOffsets(interval));
    return walks;
  }

  StretchBounds bounds() {
    const int64_t largest = intervals_.empty() ? 1 : intervals_.back();
    const SourceInfo& info = input_.source().info();
    return {report_.first, report_.last, largest, options_.frames, int64_t(info.width) * info.height};
  }

  std::vector<int64_t> labelledFrames() const {
    std::vector<int64_t> frames = input_.labelled();
    std::erase_if(frames, [&](int64_t frame) { return frame < report_.first || frame > report_.last; });
    return frames;
  }

  /// A part of the sweep, `walks` walks over the stretch: what was kept of it, or else what `run` gives.
  template <class RunIt>
  SweepTally part(const std::string& what, int64_t walks, const RunIt& run) {
    const std::string name = text(stretch_.first, "-", stretch_.last, " ", what);
    const int64_t then = done_ + walks * stretch_.size();
    SweepTally tally(classes());
    if (const auto kept = cells_.find(name))
      tally = tallyOf(*kept, classes());
    else
      cells_.keep(name, toJson(tally = run()));
    if (done_ < then) job_.progress(done_ = then, total_, what);
    return tally;
  }

  void runSetting(Run& run, size_t at) {
    const std::string what =
        text(run.way.flow, " ", run.way.propagate, " ", run.way.policy, ", interval ", intervals_[at]);
    run.tallies[at].add(part(what, 1, [&] {
      SweepTally tally(classes());
      walk(*run.engine, keysFor(run.way, at), tally, what);
      return tally;
    }));
  }

  void runFixed(const std::string& way, Fixed& fixed, size_t at) {
    const int interval = intervals_[at];
    const auto offsets = gridOffsets(interval);
    const std::string what = text(way, ", interval ", interval, " from ", offsets.size(), " offsets");
    const SweepTally tally = part(what, std::ssize(offsets), [&] {
      std::vector<SweepTally> runs(offsets.size(), SweepTally(classes()));
      for (size_t i = 0; i < runs.size(); ++i)
        walk(*fixed.engine, gridFrom(stretch_.first, interval, offsets[i]), runs[i], what);
      return withCommonestKeys(runs, classes());
    });
    fixed.keysOfStretch[at] = tally.keys() * stretch_.decoded / tally.frames();
    fixed.keys[at] += fixed.keysOfStretch[at];
    fixed.tallies[at].add(tally);
  }

  const std::vector<FramePtr>& frames() {
    if (!stretch_.frames.empty()) return stretch_.frames;
    input_.source().seek(stretch_.first);
    while (FramePtr frame = input_.source().next()) {
      job_.checkStop();
      if (frame->index > stretch_.last) break;
      stretch_.frames.push_back(std::move(frame));
    }
    if (stretch_.frames.empty())
      fail("no frame from ", stretch_.first, " to ", stretch_.last, " of ", options_.input, " could be decoded");
    return stretch_.frames;
  }

  const std::vector<PlanFrame>& planned() {
    auto& planned = stretch_.planned;
    for (size_t i = planned.size(); i < frames().size(); ++i)
      planned.push_back(planFrame(*frames()[i], networkSize(frames()[i]->rgb.size(), package_.spec.input),
                                  i ? &planned.back() : nullptr));
    return planned;
  }

  /// The keys of a run over the stretch; a policy puts as many as the fixed interval had, where it sees fit.
  KeyPlanOptions keysFor(const SweepWay& way, size_t at) {
    const int interval = intervals_[at];
    const KeyPlanOptions grid{interval, stretch_.first, true};
    if (!way.adapts()) return grid;
    PolicyOptions options = sweptPolicy(way, interval);
    options.keyShare = double(fixed_.at(way.carrying()).keysOfStretch[at]) / double(planned().size());
    const auto frameOf = [&](int64_t index) {
      const auto found = std::find_if(frames().begin(), frames().end(), [&](auto& f) { return f->index == index; });
      return found == frames().end() ? FramePtr() : *found;
    };
    const PlannedRun run{package_, engineOptions(way), frameOf, {}, options_.threads};
    return {kNoGrid, stretch_.first, true, planKeys(planned(), options, run, job_).keys};
  }

  void feed(Engine& engine, const KeyPlanOptions& keys, const FrameRunner::Emit& emit) {
    KeyPlan plan(keys);
    FrameRunner runner(engine, plan, [&](Result&& result) {
      job_.checkStop();
      emit(std::move(result));
    });
    for (const auto& frame : frames()) runner.push({frame, {}});
    runner.finish();
  }

  cv::Mat truthOf(const Result& result) const { return input_.labels(result.frame->index, result.labels.size()); }

  /// One run over the stretch, compared with per-frame inference.
  void walk(Engine& engine, const KeyPlanOptions& keys, SweepTally& tally, const std::string& what) {
    const auto& labels = reference(false).labels;
    size_t at = 0;
    feed(engine, keys, [&](Result&& result) {
      tally.add(result, labels[at++], truthOf(result));
      job_.progress(++done_, total_, what);
    });
  }

  /// Made when it is first needed: a sweep that goes on may have its figures, but not its labels.
  const Reference& reference(bool counts) {
    if (stretch_.reference) return *stretch_.reference;
    Reference made{{}, SweepTally(classes())};
    feed(*plain_, gridFrom(stretch_.first, 1, 0), [&](Result&& result) {
      made.labels.push_back(result.labels);
      made.tally.add(result, result.labels, truthOf(result));
      if (counts) job_.progress(++done_, total_, "per frame");
    });
    return stretch_.reference.emplace(std::move(made));
  }

  SweepPoint pointOf(const SweepWay& way, int interval, const SweepTally& tally) const {
    SweepPoint point{way.flow, way.propagate, interval};
    if (!way.policy.empty()) point.policy = way.policy;
    point.agreement = tally.agreement.share();
    if (tally.labelled) point.miou = tally.confusion.meanIou();
    point.msPerFrame = tally.msPerFrame();
    point.speedUp = perFrame_.msPerFrame() / point.msPerFrame;
    point.keyFrames = tally.keys();
    point.frames = tally.frames();
    return point;
  }

  SweepPoint pointOf(const Run& run, size_t at) const {
    SweepPoint point = pointOf(run.way, intervals_[at], run.tallies[at]);
    std::vector<float> others;  // what a frame between keys costs does not depend on the interval
    for (const auto& tally : run.tallies) others.insert(others.end(), tally.otherMs.begin(), tally.otherMs.end());
    point.modelMs = costModelMs(intervals_[at], perFrame_.msPerFrame(), medianOf(others));
    if (!run.way.adapts()) return point;
    const SweepTally& fixed = fixed_.at(run.way.carrying()).tallies[at];
    point.fixedAgreement = fixed.agreement.share();
    if (fixed.labelled) point.fixedMiou = fixed.confusion.meanIou();
    point.fixedKeyFrames = fixed_.at(run.way.carrying()).keys[at];
    return point;
  }

  void tell(const std::function<void(const SweepReport&)>& onReport) {
    report_.points = {pointOf({}, 1, perFrame_)};
    report_.points[0].modelMs = report_.points[0].msPerFrame;
    report_.labelled = perFrame_.labelled;
    for (const Run& run : runs_)
      for (size_t i = 0; i < intervals_.size(); ++i)
        if (run.tallies[i].keys()) report_.points.push_back(pointOf(run, i));
    if (onReport) onReport(report_);
  }

  SweepOptions options_;  // with the flow sources that "auto" stands for
  const JobContext& job_;
  Package package_;
  SweepInput input_;
  std::vector<int> intervals_;
  std::unique_ptr<Engine> plain_;
  std::vector<Run> runs_;
  std::map<std::pair<std::string, std::string>, Fixed> fixed_;  // by flow and propagation
  SweepCells cells_;
  SweepTally perFrame_;
  Stretch stretch_;
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
