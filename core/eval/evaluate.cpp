#include "core/eval/evaluate.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "core/data/dataset.h"
#include "core/eval/evaluate_tracks.h"
#include "core/eval/walk.h"
#include "core/model/find_model.h"

namespace dff {
namespace {

constexpr int64_t kFirstScored = 9;  // the same frames for all intervals up to ten

bool scoresBoxes(const Dataset& data, const Engine& engine) {
  return knowBoxes(data, engine.spec()) && taskChosen(engine.options().tasks, "boxes");
}

/// The mean; one value that is not known makes it unknown.
double meanOf(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) {
    if (v < 0) return -1;
    sum += v;
  }
  return values.empty() ? -1 : sum / double(values.size());
}

EvalBoxes boxesOf(const Walk& walk, int interval, const std::vector<std::string>& names) {
  EvalBoxes boxes;
  for (int d = 0; d < interval; ++d) {
    const AtDistance& at = walk.distances()[size_t(d)];
    const BoxScores s = at.scores.boxes.scores();
    boxes.byDistance.push_back(s);
    for (size_t c = 0; c < names.size(); ++c)
      if (s.ap50OfClass[c] >= 0) boxes.ap50PerClass[names[c]] += s.ap50OfClass[c] / interval;
    boxes.detectMsPerFrame += at.detectMs / double(at.frames) / interval;
  }
  for (double BoxScores::*score :
       {&BoxScores::ap50, &BoxScores::ap, &BoxScores::apSmall, &BoxScores::apMedium, &BoxScores::apLarge}) {
    std::vector<double> values;
    for (const auto& s : boxes.byDistance) values.push_back(s.*score);
    boxes.mean.*score = meanOf(values);
  }
  for (double VidScores::*score : {&VidScores::map, &VidScores::slow, &VidScores::medium, &VidScores::fast}) {
    std::vector<double> values;
    for (const auto& s : boxes.byDistance) values.push_back(s.vid.*score);
    boxes.mean.vid.*score = meanOf(values);
  }
  boxes.perFrame = walk.perFrame().scores.boxes.scores();
  return boxes;
}

EvalMasks masksOf(const Walk& walk, int interval) {
  EvalMasks masks{{0, 0, 0, 0}, {}, walk.perFrame().scores.masks.scores()};
  for (int d = 0; d < interval; ++d) {
    masks.byDistance.push_back(walk.distances()[size_t(d)].scores.masks.scores());
    for (double MaskScores::*score :
         {&MaskScores::region, &MaskScores::contour, &MaskScores::recall, &MaskScores::decay})
      masks.mean.*score += masks.byDistance.back().*score / interval;
  }
  return masks;
}

/// The classes of pixels and how steady they are.
void addPixels(EvalRow& row, const Walk& walk, const ModelSpec& spec) {
  for (int d = 0; d < row.interval; ++d) {
    const AtDistance& at = walk.distances()[size_t(d)];
    row.byDistance.push_back(at.scores.confusion.meanIou());
    row.agreementByDistance.push_back(at.agreement.value());
    row.consistencyByDistance.push_back((d == 0 ? walk.keyConsistency(row.interval) : at.consistency).value());
    const auto iou = at.scores.confusion.iou();
    for (size_t c = 0; c < iou.size(); ++c)
      if (iou[c] >= 0) row.perClass[spec.classes[c].name] += iou[c] / row.interval;
  }
  row.miou = meanOf(row.byDistance);
  row.perFrame = walk.perFrame().scores.confusion.meanIou();
  row.agreement = meanOf(row.agreementByDistance);
  row.consistency = meanOf(row.consistencyByDistance);
  row.consistencyPerFrame = walk.perFrame().consistency.value();
}

EvalRow rowOf(const std::string& flow, int interval, const Walk& walk) {
  EvalRow row;
  row.flow = flow;
  row.interval = interval;
  row.scoredFrames = walk.perFrame().frames;
  for (int d = 0; d < interval; ++d) {
    const AtDistance& at = walk.distances()[size_t(d)];
    row.msPerFrame += at.ms / double(at.frames) / interval;
    row.endPointErrorByDistance.push_back(d == 0 ? 0 : at.endPointError.value());
  }
  // A key frame has no flow and no error.
  row.endPointError = meanOf({row.endPointErrorByDistance.begin() + 1, row.endPointErrorByDistance.end()});
  return row;
}

EvalReport evaluateAllTracks(const EvalOptions& options, const Dataset& data, const Package& package,
                             const JobContext& job) {
  EvalReport report{{}, data.size(), package.name(), package.sha256};
  for (const auto& flow : options.flows) {
    EngineOptions engineOptions = options.engine;
    engineOptions.flow = flow;
    Engine engine(package, engineOptions, job);
    for (const int interval : options.intervals) {
      EvalRow row;
      row.flow = engine.options().flow;
      row.propagate = options.engine.propagate;
      row.interval = interval;
      row.scoredFrames = data.size();
      row.tracks = evaluateTracks(data, engine, interval, options.threads, job);
      report.rows.push_back(row);
    }
  }
  return report;
}

void requireBoxes(const EvalOptions& options, const Dataset& data, const ModelSpec& spec) {
  if (!knowBoxes(data, spec) || !taskChosen(options.engine.tasks, "boxes"))
    fail("the data set ", options.dataset, " has boxes only, and this run finds none: choose a model that detects");
}

void check(const EvalOptions& options, const Dataset& data, const ModelSpec& spec) {
  if (options.intervals.empty() || options.flows.empty())
    throw UsageError("eval needs at least one interval and one flow source");
  const int smallest = *std::min_element(options.intervals.begin(), options.intervals.end());
  if (smallest < 1) throw UsageError(text("the interval ", smallest, " is below 1"));
  if (!data.hasLabels()) return requireBoxes(options, data, spec);
  if (!taskChosen(options.engine.tasks, "seg")) throw UsageError("eval scores classes: leave \"seg\" in --tasks");
  if (data.classes().size() != spec.classes.size())
    fail("the data set ", options.dataset, " has ", data.classes().size(), " classes, the model ", spec.classes.size());
}

/// How many frames of its video a scored frame has before it: the same frames for all intervals up to ten in a video,
/// no more than needed in snippets.
int64_t framesBefore(const EvalOptions& options, const Dataset& data) {
  const int64_t needed = *std::max_element(options.intervals.begin(), options.intervals.end()) - 1;
  const int64_t before = data.consecutive() ? std::max(kFirstScored, needed) : needed;
  const bool readsAhead = findPropagator(options.engine.propagate).readsAhead() && needed > 0;
  bool isVideo = false;
  for (int64_t i = 0; i < data.size(); ++i) {
    const FramePlace place = data.place(i);
    isVideo = isVideo || place.first < place.last;
    if (place.at - place.first >= before && !(readsAhead && place.at == place.last)) return before;
  }
  if (!isVideo && data.size() > 1)
    fail("the frames of ", options.dataset, " are single stills, not a video: only --interval 1 can be evaluated");
  fail("the data set ", options.dataset, " has ", data.size(), " frames, too few for interval ", needed + 1);
}

/// One walk a flow source serves all intervals, but where propagation reads ahead each interval is a walk of its own.
void walkAll(const EvalOptions& options, const Dataset& data, Engine& engine, const JobContext& job,
             std::vector<EvalRow>& rows) {
  const int largest = *std::max_element(options.intervals.begin(), options.intervals.end());
  const std::string& flow = engine.options().flow;
  std::optional<Walk> walk;
  for (const int interval : options.intervals) {
    if (!walk || engine.readsAhead()) {
      walk.emplace(engine, data, engine.readsAhead() ? interval : largest);
      walk->run(framesBefore(options, data), job, flow);
    }
    rows.push_back(rowOf(flow, interval, *walk));
    rows.back().propagate = engine.options().propagate;
    if (data.hasLabels()) addPixels(rows.back(), *walk, engine.spec());
    if (data.masksOfObjects()) rows.back().masks = masksOf(*walk, interval);
    if (scoresBoxes(data, engine))
      rows.back().boxes = boxesOf(*walk, interval, namesOf(engine.spec().detection->classes));
  }
}

/// A sweep over the data set, all of it, with the policies alone.
std::vector<SweepPoint> evaluatePolicies(const EvalOptions& options, const JobContext& job) {
  SweepOptions all;
  all.input = options.dataset;
  all.model = options.model;
  all.intervals = options.intervals;
  all.flows = options.flows;
  all.propagations = {options.engine.propagate};
  all.policies = options.policies;
  all.frames = std::numeric_limits<int32_t>::max();
  all.engine = options.engine;
  all.threads = options.threads;
  std::vector<SweepPoint> points = sweep(all, job).points;
  std::erase_if(points, [](const SweepPoint& p) { return p.fixedAgreement < 0; });
  return points;
}

}  // namespace

EvalReport evaluate(const EvalOptions& asked, const JobContext& job) {
  EvalOptions options = asked;
  if (!options.flows.empty() && !findPropagator(options.engine.propagate).usesFlow)
    options.flows = {"copy"};  // the others would be the same again
  const auto data = openDataset(options.dataset);
  const Package package = loadPackage(findModel(options.model));
  check(options, *data, package.spec);
  for (const auto& warning : data->warnings()) job.warn(warning);
  const InferenceScope scope(options.threads);
  if (!data->hasLabels() && !options.policies.empty())
    throw UsageError("policies are scored by classes of pixels, and " + options.dataset + " has none");
  if (!data->hasLabels() && data->consecutive()) return evaluateAllTracks(options, *data, package, job);
  framesBefore(options, *data);
  EvalReport report{{}, 0, package.name(), package.sha256};
  for (const auto& flow : options.flows) {
    EngineOptions engineOptions = options.engine;
    engineOptions.flow = flow;
    Engine engine(package, engineOptions, job);
    walkAll(options, *data, engine, job, report.rows);
  }
  report.scoredFrames = report.rows.front().scoredFrames;
  if (!options.policies.empty()) report.policies = evaluatePolicies(options, job);
  return report;
}

}  // namespace dff
