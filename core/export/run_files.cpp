#include "core/export/run_files.h"

#include <chrono>
#include <filesystem>
#include <set>

#include "core/base/file.h"
#include "core/export/exporter.h"
#include "core/export/provenance.h"
#include "core/media/frame_fetcher.h"
#include "core/model/find_model.h"
#include "core/run/pipeline.h"
#include "core/run/plan_keys.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kAskedBytes = size_t(64) << 20;  // frames kept while the model is asked where keys are needed

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::vector<ExportRequest> requestsOf(const RunOptions& options) {
  std::vector<ExportRequest> requests;
  if (!options.output.empty()) requests.push_back({"video", options.output});
  for (const auto& text : options.exports) requests.push_back(parseExport(text));
  return requests;
}

/// What is wrong from the command line alone.
void check(const RunOptions& o) {
  if (o.inputs.empty()) throw UsageError("no input was named");
  if (o.interval < 1) throw UsageError(text("--interval is ", o.interval, ", must be at least 1"));
  if (o.start < 0) throw UsageError(text("--start is ", o.start, ", frames count from 0"));
  if (o.end >= 0 && o.end < o.start) throw UsageError(text("--start ", o.start, " lies after --end ", o.end));
  if (findPropagator(o.engine.propagate).readsAhead() && o.interval > kLargestHeldInterval)
    throw UsageError(text("--propagate ", o.engine.propagate, " holds back the frames of two intervals: --interval ",
                          o.interval, " is above its ", kLargestHeldInterval, ", use --propagate causal"));
  layersNeed(o.overlay, LayerData::Labels);
}

/// One input through the engine into its exporters.
class FileRun {
 public:
  FileRun(const RunOptions& options, const Package& package, const JobContext& job)
      : options_(options), package_(package), job_(job) {}

  RunReport run(const std::string& input, const std::vector<ExportRequest>& requests, const nlohmann::json& madeBy) {
    report_.modelName = package_.name();
    report_.modelSha256 = package_.sha256;
    for (const auto& request : requests) requireDistinct(input, request.path);
    input_ = input;
    const auto source = openSource(input, options_.imageFps);
    const auto exporters = makeExporters(input, *source, requests, madeBy);
    warnOfEmptyLayers();
    process(*source, exporters);
    for (const auto& warning : source->warnings()) warn(warning);
    if (report_.frames == 0) fail("no frame of ", input, " could be decoded");
    for (const auto& exporter : exporters) exporter->finish();
    report_.seconds = secondsSince(start_);
    return report_;
  }

 private:
  std::vector<std::unique_ptr<Exporter>> makeExporters(const std::string& input, const FrameSource& source,
                                                       const std::vector<ExportRequest>& requests,
                                                       const nlohmann::json& madeBy) {
    const auto& times = source.info().times;
    const int64_t frames = int64_t(times.size());
    if (options_.start >= frames)
      fail("--start ", options_.start, " lies behind the last frame of ", input, ", which is ", frames - 1);
    last_ = options_.end < 0 ? frames - 1 : std::min(options_.end, frames - 1);
    ExportContext context;
    context.source = source.info();
    context.classes = package_.spec.classes;
    if (findsBoxes()) context.boxClasses = package_.spec.detection->classes;
    context.overlay = options_.overlay;
    context.layout = options_.layout;
    context.options = madeBy;
    if (options_.sound && source.info().hasAudio) context.audioFrom = input;
    if (options_.start > 0) context.rangeStartSeconds = times[size_t(options_.start)].ptsSeconds;
    if (last_ + 1 < frames)
      context.rangeEndSeconds = times[size_t(last_)].ptsSeconds + times[size_t(last_)].durationSeconds;
    context.job = job_;
    context.job.onWarning = [this](const std::string& message) { warn(message); };
    std::vector<std::unique_ptr<Exporter>> exporters;
    for (const auto& request : requests) {
      context.path = request.path;
      exporters.push_back(makeExporter(request.kind, context));
    }
    return exporters;
  }

  void warnOfEmptyLayers() {
    std::vector<LayerData> missing;
    if (!taskChosen(options_.engine.tasks, "seg")) missing.push_back(LayerData::Labels);
    if (!findsBoxes()) missing.push_back(LayerData::Boxes);
    if (options_.overlay.layers == OverlayOptions().layers) return;  // nobody asked for more than there is
    for (const auto& message : emptyLayers(options_.overlay, missing)) warn(message);
  }

  bool findsBoxes() const { return package_.spec.detection && taskChosen(options_.engine.tasks, "boxes"); }

  void process(FrameSource& source, const std::vector<std::unique_ptr<Exporter>>& exporters) {
    EngineOptions engineOptions = options_.engine;
    engineOptions.wantHeat = layersNeed(options_.overlay, LayerData::Heat);
    engineOptions.heatChannel = options_.overlay.heatChannel;
    engineOptions.wantTrust =
        layersNeed(options_.overlay, LayerData::Trust) || layersNeed(options_.overlay, LayerData::Sides);
    Engine engine(package_, engineOptions, job_);
    KeyPlan plan(keysFor(source));
    const int64_t total = last_ - options_.start + 1;
    start_ = Clock::now();
    Tracker tracker(options_.tracker);
    const auto sink = [&](Result& result) {
      tracker.track(result.boxes);
      for (const auto& exporter : exporters) exporter->write(result);
      report_.add(result);
      char rate[48];
      std::snprintf(rate, sizeof rate, "%.1f frames/s", double(report_.frames) / secondsSince(start_));
      job_.progress(report_.frames, total, rate);
    };
    runFrames(source, engine, plan, {options_.start, last_, options_.pipeline, options_.threads}, sink, job_);
  }

  /// With a policy the range is looked at once before it is run; one that asks the model reads the file once more.
  KeyPlanOptions keysFor(FrameSource& source) {
    KeyPlanOptions keys{
        options_.interval, options_.start, options_.sceneCuts, {options_.pins.begin(), options_.pins.end()}};
    if (!findPolicy(options_.policy.policy).score) return keys;
    const cv::Size video(source.info().width, source.info().height);
    const auto frames = planFrames(source, options_.start, last_, networkSize(video, package_.spec.input), job_);
    FrameFetcher fetcher(openSource(input_, options_.imageFps), kAskedBytes);
    const PlannedRun planned{package_, options_.engine, [&](int64_t index) { return fetcher.frame(index); }, keys.pins,
                             options_.threads};
    const KeyPlacement placed = planKeys(frames, options_.policy, planned, job_);
    job_.log(text("policy ", options_.policy.policy, ": ", placed.keys.size(), " keys in ", frames.size(),
                  " frames, limit ", placed.limit));
    keys.pins = placed.keys;
    keys.interval = kNoGrid;
    return keys;
  }

  void warn(const std::string& message) {
    report_.warnings.push_back(message);
    job_.warn(message);
  }

  const RunOptions& options_;
  const Package& package_;
  const JobContext& job_;
  RunReport report_;
  std::string input_;
  int64_t last_ = -1;
  Clock::time_point start_ = Clock::now();
};

/// "clip" of "videos/clip.mp4"; a folder keeps its whole name.
std::string stemOf(const std::string& input) {
  fs::path path = fs::path(input).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return fs::is_directory(path) ? path.filename().string() : path.stem().string();
}

void requireDistinctStems(const std::vector<std::string>& inputs) {
  std::set<std::string> stems;
  for (const auto& input : inputs)
    if (!stems.insert(stemOf(input)).second)
      throw UsageError("two inputs are called \"" + stemOf(input) +
                       "\", so their outputs would be one; run them apart");
}

/// The outputs of one of several inputs lie in the folders that were named.
std::vector<ExportRequest> within(std::vector<ExportRequest> requests, const std::string& input) {
  for (auto& request : requests) {
    if (!fs::is_directory(request.path)) fs::create_directory(request.path);
    request.path /= stemOf(input) + extensionOf(request.kind);
  }
  return requests;
}

void requireParents(const std::vector<ExportRequest>& folders) {
  for (const auto& request : folders)
    requireWritableParent(request.path.has_filename() ? request.path : request.path.parent_path());
}

bool allMade(const std::vector<ExportRequest>& requests, const nlohmann::json& madeBy) {
  for (const auto& request : requests)
    if (!madeWith(request.path, madeBy)) return false;
  return !requests.empty();
}

/// One of several inputs: what goes wrong with it does not stop the rest.
FileReport runOneOfMany(const RunOptions& options, const Package& package, const std::string& input,
                        const JobContext& job) {
  FileReport file{input, "done", "", {}};
  try {
    auto madeBy = outcomeOptions(options, package);
    madeBy["input"] = fs::path(input).filename().string();
    const auto requests = within(requestsOf(options), input);
    if (allMade(requests, madeBy))
      file.status = "skipped";
    else
      file.report = FileRun(options, package, job).run(input, requests, madeBy);
  } catch (const Interrupted&) {
    throw;
  } catch (const std::exception& e) {
    file.status = "failed";
    file.error = e.what();
  }
  return file;
}

}  // namespace

int longestInterval(const RunOptions& options) {
  return findPolicy(options.policy.policy).score ? options.policy.maxInterval : options.interval;
}

std::string automaticPropagation(const std::string& flow, int interval) {
  return flowKnowsMotion(flow) && interval <= kLargestHeldInterval ? "two-sided" : "causal";
}

RunOptions settled(RunOptions options) {
  auto& propagate = options.engine.propagate;
  if (propagate == "auto")
    propagate =
        options.engine.spread > 0 ? "causal" : automaticPropagation(options.engine.flow, longestInterval(options));
  return options;
}

nlohmann::json outcomeOptions(const RunOptions& options, const Package& package) {
  nlohmann::json object = toJson(options);
  for (const char* key : {"input", "output", "export", "threads", "pipeline", "device"}) object.erase(key);
  object["model"] = {{"name", package.name()}, {"sha256", package.sha256}};
  return object;
}

std::vector<FileReport> runFiles(const RunOptions& given, const JobContext& job) {
  const RunOptions options = settled(given);
  check(options);
  const auto requests = requestsOf(options);
  const bool many = options.inputs.size() > 1;
  if (many) {
    requireDistinctStems(options.inputs);
    requireParents(requests);
  }
  const auto loading = Clock::now();
  const Package package = loadPackage(findModel(options.model));
  const double loadSeconds = secondsSince(loading);
  std::vector<FileReport> files;
  for (const auto& input : options.inputs) {
    job.checkStop();
    if (many) {
      job.log(input);
      files.push_back(runOneOfMany(options, package, input, job));
    } else {
      auto madeBy = outcomeOptions(options, package);
      madeBy["input"] = fs::path(input).filename().string();
      files.push_back({input, "done", "", FileRun(options, package, job).run(input, requests, madeBy)});
    }
    files.back().report.loadSeconds = loadSeconds;
  }
  return files;
}

}  // namespace dff
