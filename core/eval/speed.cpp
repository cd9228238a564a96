#include "core/eval/speed.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>

#include "core/media/frame_source.h"
#include "core/model/find_model.h"
#include "core/run/frame_runner.h"
#include "core/run/run_report.h"

namespace dff {
namespace {

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::vector<FramePtr> decode(const SpeedOptions& options) {
  const auto source = openSource(options.input.empty() ? findShipped("resources/sample.mp4").string() : options.input);
  std::vector<FramePtr> frames;
  while (int(frames.size()) < options.frames) {
    FramePtr frame = source->next();
    if (!frame) break;
    frames.push_back(std::move(frame));
  }
  if (frames.empty()) fail("no frame of the input could be decoded");
  return frames;
}

/// Times of single frames, by kind.
struct Samples {
  std::vector<double> key, other, features, flow, warp;

  void add(const Result& r) {
    (r.isKey ? key : other).push_back(inferenceMs(r.times));
    if (r.isKey) features.push_back(r.times[Stage::Features]);
    if (!r.isKey) flow.push_back(r.times[Stage::Flow]), warp.push_back(r.times[Stage::Warp]);
  }
};

/// Mean milliseconds a frame of one pass over the frames.
double pass(Engine& engine, const std::vector<FramePtr>& frames, int interval, Samples& samples) {
  double total = 0;
  KeyPlan plan({interval, frames.front()->index, false});
  FrameRunner runner(engine, plan, [&](Result&& result) {
    samples.add(result);
    total += inferenceMs(result.times);
  });
  for (const auto& frame : frames) runner.push({frame, {}});
  runner.finish();
  return total / double(frames.size());
}

double bound(int interval, double keyMs, double otherMs) { return interval / (1 + (interval - 1) * otherMs / keyMs); }

/// One precision and number of threads while it is measured.
class SeriesRun {
 public:
  SeriesRun(Engine& engine, std::string precision, int threads)
      : engine_(engine), precision_(std::move(precision)), threads_(threads) {}

  void warmUp(const std::vector<FramePtr>& frames) {
    const InferenceScope scope(threads_);
    Samples thrownAway;
    pass(engine_, {frames.begin(), frames.begin() + std::min<ptrdiff_t>(4, std::ssize(frames))}, 2, thrownAway);
  }

  void round(const std::vector<FramePtr>& frames, const std::vector<int>& intervals, const JobContext& job) {
    const InferenceScope scope(threads_);
    const double perFrame = pass(engine_, frames, 1, samples_);
    for (const int interval : intervals) {
      job.checkStop();
      ms_[interval].push_back(interval == 1 ? perFrame : pass(engine_, frames, interval, samples_));
      ratios_[interval].push_back(perFrame / ms_[interval].back());
    }
  }

  SpeedSeries result(const std::vector<int>& intervals) {
    SpeedSeries s{precision_,
                  threads_,
                  {},
                  median(samples_.key),
                  median(samples_.other),
                  median(samples_.features),
                  median(samples_.flow),
                  median(samples_.warp)};
    for (const int interval : intervals)
      s.rows.push_back(
          {interval, median(ms_[interval]), median(ratios_[interval]), bound(interval, s.keyMs, s.otherMs)});
    return s;
  }

 private:
  Engine& engine_;
  std::string precision_;
  int threads_;
  Samples samples_;
  std::map<int, std::vector<double>> ms_, ratios_;
};

void check(const SpeedOptions& options) {
  if (options.intervals.empty() || options.threads.empty()) throw UsageError("there is nothing to measure");
  for (const int interval : options.intervals)
    if (interval < 1) throw UsageError(text("a key-frame interval of ", interval, " is not possible; give 1 or more"));
  for (const int threads : options.threads)
    if (threads < 0 || threads > 1024) throw UsageError(text("the number of threads must be 0 to 1024, not ", threads));
}

/// One engine for each precision.
std::vector<std::unique_ptr<Engine>> enginesOf(const SpeedOptions& options, const JobContext& job) {
  const Package package = loadPackage(findModel(options.model));
  std::vector<std::unique_ptr<Engine>> engines;
  EngineOptions one = options.engine;
  for (const auto& precision : options.precisions.empty() ? std::vector{one.precision} : options.precisions) {
    one.precision = precision;
    engines.push_back(std::make_unique<Engine>(package, one, job));
  }
  return engines;
}

std::string nameOf(const SpeedSeries& s) {
  return s.precision + (s.threads == 0 ? "" : text(", ", s.threads, s.threads == 1 ? " thread" : " threads"));
}

}  // namespace

SpeedReport measureSpeed(const SpeedOptions& options, const JobContext& job) {
  check(options);
  const auto engines = enginesOf(options, job);
  const auto frames = decode(options);
  std::vector<SeriesRun> runs;
  for (const auto& engine : engines)
    for (const int threads : options.threads) runs.emplace_back(*engine, engine->bfloat16() ? "bf16" : "fp32", threads);
  for (auto& run : runs) run.warmUp(frames);
  for (int round = 0; round < options.rounds; ++round)
    for (size_t i = 0; i < runs.size(); ++i) {
      job.progress(round * std::ssize(runs) + int64_t(i), options.rounds * std::ssize(runs), "measuring");
      runs[i].round(frames, options.intervals, job);
    }
  SpeedReport report;
  for (auto& run : runs) report.series.push_back(run.result(options.intervals));
  return report;
}

nlohmann::json toJson(const SpeedReport& r) {
  nlohmann::json all = nlohmann::json::array();
  for (const auto& s : r.series) {
    nlohmann::json rows = nlohmann::json::array();
    for (const auto& row : s.rows)
      rows.push_back({{"interval", row.interval},
                      {"ms_per_frame", row.msPerFrame},
                      {"speed_up", row.speedUp},
                      {"bound", row.bound}});
    all.push_back({{"precision", s.precision},
                   {"threads", s.threads},
                   {"rows", rows},
                   {"key_ms", s.keyMs},
                   {"non_key_ms", s.otherMs},
                   {"features_ms", s.featuresMs},
                   {"flow_ms", s.flowMs},
                   {"warp_ms", s.warpMs}});
  }
  return {{"schema_version", 2}, {"series", all}};
}

std::string summary(const SpeedReport& r) {
  std::string table;
  char line[200];
  for (const auto& s : r.series) {
    std::snprintf(
        line, sizeof line,
        "%s: key frame %.1f ms (features %.1f), other frame %.2f ms (flow %.2f, warp %.3f), prepare to post\n",
        nameOf(s).c_str(), s.keyMs, s.featuresMs, s.otherMs, s.flowMs, s.warpMs);
    table += line;
    std::snprintf(line, sizeof line, "%8s %12s %10s %22s\n", "interval", "ms/frame", "speed-up", "cost model allows");
    table += line;
    for (const auto& row : s.rows) {
      std::snprintf(line, sizeof line, "%8d %12.2f %9.2fx %21.2fx\n", row.interval, row.msPerFrame, row.speedUp,
                    row.bound);
      table += line;
    }
  }
  return table;
}

Figure figureOf(const SpeedReport& report) {
  Chart speedUp{"Speed-up against per-frame", "key-frame interval", {}},
      time{"Milliseconds a frame", "key-frame interval", {}};
  time.logarithmic = true;
  for (const auto& s : report.series) {
    Series measured{nameOf(s), {}}, allowed{"cost model", {}, true}, ms{nameOf(s), {}};
    for (const auto& row : s.rows) {
      measured.points.emplace_back(row.interval, row.speedUp);
      allowed.points.emplace_back(row.interval, row.bound);
      ms.points.emplace_back(row.interval, row.msPerFrame);
    }
    speedUp.series.push_back(std::move(measured));
    speedUp.series.push_back(std::move(allowed));
    time.series.push_back(std::move(ms));
  }
  return {"Per-frame inference against Deep Feature Flow", {speedUp, time}};
}

}  // namespace dff
