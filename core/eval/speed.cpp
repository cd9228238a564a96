#include "core/eval/speed.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "core/media/frame_source.h"
#include "core/model/find_model.h"
#include "core/model/paper_spec.h"
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
  std::vector<double> key, other, features, flow, warp, detect;

  void add(const Result& r) {
    (r.isKey ? key : other).push_back(engineMs(r.times));
    if (r.isKey) features.push_back(r.times[Stage::Features]);
    if (!r.isKey) flow.push_back(r.times[Stage::Flow]), warp.push_back(r.times[Stage::Warp]);
    if (r.times[Stage::Detect] >= 0) detect.push_back(r.times[Stage::Detect]);
  }
};

/// One pass over the frames.
struct Pass {
  double meanMs = 0;
  FrameTimes frames;
};

/// The value that so large a part of the values does not exceed.
double quantile(std::vector<double>& values, double part) {
  const auto at = values.begin() + ptrdiff_t(std::ceil(part * double(values.size()))) - 1;
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// The mean is of the clock, not of the stages: what no stage counts must show.
Pass pass(Engine& engine, const std::vector<FramePtr>& frames, int interval, const std::function<void(Result&)>& see) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> ms;
  KeyPlan plan({interval, frames.front()->index, false});
  FrameRunner runner(engine, plan, [&](Result&& result) {
    see(result);
    ms.push_back(engineMs(result.times));
  });
  const auto start = Clock::now();
  for (const auto& frame : frames) runner.push({frame, {}});
  runner.finish();
  const double all = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  if (engine.options().spread > 0) ms.erase(ms.begin());  // computed at once: a run begins with it, later keys do not
  return {all / double(frames.size()), {quantile(ms, 0.99), quantile(ms, 1)}};
}

double bound(int interval, double keyMs, double otherMs) { return interval / (1 + (interval - 1) * otherMs / keyMs); }

/// The engines of one precision: one that computes keys at once, one that spreads them where that was asked for.
struct Engines {
  std::unique_ptr<Engine> plain, spread;
};

/// One precision and number of threads while it is measured.
class SeriesRun {
 public:
  SeriesRun(const Engines& engines, int threads)
      : engines_(engines), precision_(nameOf(engines.plain->precision())), threads_(threads) {}

  void warmUp(const std::vector<FramePtr>& frames) {
    const InferenceScope scope(threads_);
    const std::vector<FramePtr> few(frames.begin(), frames.begin() + std::min<ptrdiff_t>(4, std::ssize(frames)));
    pass(*engines_.plain, few, 2, [](Result&) {});
    if (engines_.spread) pass(*engines_.spread, few, engines_.spread->options().spread + 1, [](Result&) {});
  }

  void round(const std::vector<FramePtr>& frames, const std::vector<int>& intervals, const JobContext& job) {
    const InferenceScope scope(threads_);
    const auto sample = [this](Result& result) { samples_.add(result); };
    const Pass perFrame = pass(*engines_.plain, frames, 1, sample);
    for (const int interval : intervals) {
      job.checkStop();
      Measured& m = measured_[interval];
      const Pass p = interval == 1 ? perFrame : pass(*engines_.plain, frames, interval, sample);
      m.ms.push_back(p.meanMs);
      m.ratios.push_back(perFrame.meanMs / p.meanMs);
      m.frames.add(p.frames);
      if (engines_.spread && interval > engines_.spread->options().spread)
        m.spread.add(pass(*engines_.spread, frames, interval, [](Result&) {}).frames);
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
                  median(samples_.warp),
                  median(samples_.detect)};
    for (const int interval : intervals) {
      const Measured& m = measured_[interval];
      s.rows.push_back(
          {interval, median(m.ms), median(m.ratios), bound(interval, s.keyMs, s.otherMs), m.frames.medians(), {}});
      if (!m.spread.worst.empty()) s.rows.back().spread = m.spread.medians();
    }
    return s;
  }

 private:
  /// One value a round.
  struct Evenness {
    std::vector<double> percentile99, worst;
    void add(const FrameTimes& t) { percentile99.push_back(t.percentile99), worst.push_back(t.worst); }
    FrameTimes medians() const { return {median(percentile99), median(worst)}; }
  };
  struct Measured {
    std::vector<double> ms, ratios;
    Evenness frames, spread;
  };

  const Engines& engines_;
  std::string precision_;
  int threads_;
  Samples samples_;
  std::map<int, Measured> measured_;
};

void check(const SpeedOptions& options) {
  if (options.intervals.empty() || options.threads.empty()) throw UsageError("there is nothing to measure");
  for (const int interval : options.intervals)
    if (interval < 1) throw UsageError(text("a key-frame interval of ", interval, " is not possible; give 1 or more"));
  for (const int threads : options.threads)
    if (threads < 0 || threads > 1024) throw UsageError(text("the number of threads must be 0 to 1024, not ", threads));
}

std::vector<Engines> enginesOf(const SpeedOptions& options, const JobContext& job) {
  const Package package = isPaperModel(options.model) ? untrainedPackage(options.model, paperSpec(options.model))
                                                      : loadPackage(findModel(options.model));
  std::vector<Engines> all;
  EngineOptions one = options.engine;
  for (const auto& precision : options.precisions.empty() ? std::vector{one.precision} : options.precisions) {
    one.precision = precision;
    Engines engines;
    if (one.spread > 0) engines.spread = std::make_unique<Engine>(package, one, job);
    EngineOptions atOnce = one;
    atOnce.spread = 0;
    if (one.spread > 0 && one.precision == "auto") atOnce.precision = "fp32";  // the two are compared
    engines.plain = std::make_unique<Engine>(package, atOnce, job);
    all.push_back(std::move(engines));
  }
  return all;
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
    for (const int threads : options.threads) runs.emplace_back(engine, threads);
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

static nlohmann::json toJson(const FrameTimes& t) {
  return {{"percentile_99_ms", t.percentile99}, {"worst_ms", t.worst}};
}

nlohmann::json toJson(const SpeedReport& r) {
  nlohmann::json all = nlohmann::json::array();
  for (const auto& s : r.series) {
    nlohmann::json rows = nlohmann::json::array();
    for (const auto& row : s.rows) {
      rows.push_back({{"interval", row.interval},
                      {"ms_per_frame", row.msPerFrame},
                      {"speed_up", row.speedUp},
                      {"bound", row.bound},
                      {"frames", toJson(row.frames)}});
      if (row.spread) rows.back()["frames_spread"] = toJson(*row.spread);
    }
    all.push_back({{"precision", s.precision},
                   {"threads", s.threads},
                   {"rows", rows},
                   {"key_ms", s.keyMs},
                   {"non_key_ms", s.otherMs},
                   {"features_ms", s.featuresMs},
                   {"flow_ms", s.flowMs},
                   {"warp_ms", s.warpMs},
                   {"detect_ms", s.detectMs}});
  }
  return {{"schema_version", 4}, {"series", all}};
}

std::string summary(const SpeedReport& r) {
  std::string table;
  char line[200];
  for (const auto& s : r.series) {
    std::snprintf(
        line, sizeof line,
        "%s: key frame %.1f ms (features %.1f), other frame %.2f ms (flow %.2f, warp %.3f), boxes %.2f of both\n",
        nameOf(s).c_str(), s.keyMs, s.featuresMs, s.otherMs, s.flowMs, s.warpMs, s.detectMs);
    table += line;
    std::snprintf(line, sizeof line, "%8s %12s %10s %22s %10s %8s\n", "interval", "ms/frame", "speed-up",
                  "cost model allows", "99% below", "worst");
    table += line;
    for (const auto& row : s.rows) {
      std::snprintf(line, sizeof line, "%8d %12.2f %9.2fx %21.2fx %10.1f %8.1f", row.interval, row.msPerFrame,
                    row.speedUp, row.bound, row.frames.percentile99, row.frames.worst);
      table += line;
      if (row.spread) {
        std::snprintf(line, sizeof line, "   with keys spread %.1f, %.1f", row.spread->percentile99, row.spread->worst);
        table += line;
      }
      table += "\n";
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
