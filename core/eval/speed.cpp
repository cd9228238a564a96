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

}  // namespace

SpeedReport measureSpeed(const SpeedOptions& options, const JobContext& job) {
  const Package package = loadPackage(findModel(options.model));
  Engine engine(package, options.engine, job);
  const InferenceScope scope(options.threads);
  const auto frames = decode(options);
  Samples samples, warmUp;
  pass(engine, {frames.begin(), frames.begin() + std::min<ptrdiff_t>(4, std::ssize(frames))}, 2, warmUp);
  std::map<int, std::vector<double>> ms, ratios;
  for (int round = 0; round < options.rounds; ++round) {
    const double perFrame = pass(engine, frames, 1, samples);
    for (size_t i = 0; i < options.intervals.size(); ++i) {
      job.checkStop();
      job.progress(round * int64_t(options.intervals.size()) + int64_t(i),
                   options.rounds * int64_t(options.intervals.size()), "measuring");
      const int interval = options.intervals[i];
      ms[interval].push_back(interval == 1 ? perFrame : pass(engine, frames, interval, samples));
      ratios[interval].push_back(perFrame / ms[interval].back());
    }
  }
  SpeedReport report{{},
                     median(samples.key),
                     median(samples.other),
                     median(samples.features),
                     median(samples.flow),
                     median(samples.warp)};
  for (int interval : options.intervals)
    report.rows.push_back(
        {interval, median(ms[interval]), median(ratios[interval]), bound(interval, report.keyMs, report.otherMs)});
  return report;
}

nlohmann::json toJson(const SpeedReport& r) {
  nlohmann::json rows = nlohmann::json::array();
  for (const auto& row : r.rows)
    rows.push_back({{"interval", row.interval},
                    {"ms_per_frame", row.msPerFrame},
                    {"speed_up", row.speedUp},
                    {"bound", row.bound}});
  return {{"schema_version", 1},         {"rows", rows},        {"key_ms", r.keyMs},  {"non_key_ms", r.otherMs},
          {"features_ms", r.featuresMs}, {"flow_ms", r.flowMs}, {"warp_ms", r.warpMs}};
}

std::string summary(const SpeedReport& r) {
  char line[200];
  std::snprintf(line, sizeof line,
                "key frame %.1f ms (features %.1f), other frame %.2f ms (flow %.2f, warp %.3f), prepare to post\n",
                r.keyMs, r.featuresMs, r.otherMs, r.flowMs, r.warpMs);
  std::string table = line;
  std::snprintf(line, sizeof line, "%8s %12s %10s %22s\n", "interval", "ms/frame", "speed-up", "cost model allows");
  table += line;
  for (const auto& row : r.rows) {
    std::snprintf(line, sizeof line, "%8d %12.2f %9.2fx %21.2fx\n", row.interval, row.msPerFrame, row.speedUp,
                  row.bound);
    table += line;
  }
  return table;
}

}  // namespace dff
