#include "core/train/training_report.h"

#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/eval/chart.h"

namespace dff {
namespace {

constexpr int kReloadSeconds = 15;

/// The curves of one stage by the key of their values in the log.
struct StageCurves {
  std::string name;
  std::map<std::string, Series> byKey;
};

/// A resumed training repeats the steps since its checkpoint: what it says anew holds.
void addPoint(Series& series, const cv::Point2d& point) {
  while (!series.points.empty() && series.points.back().x >= point.x) series.points.pop_back();
  series.points.push_back(point);
}

void addRow(const nlohmann::json& row, std::vector<StageCurves>& stages) {
  const std::string name = row.at("stage");
  const double step = row.at("step");
  if (stages.empty() || stages.back().name != name) stages.push_back({name, {}});
  for (const auto& [key, value] : row.items())
    if (value.is_number() && key != "step" && key != "seconds") {
      Series& series = stages.back().byKey[key];
      series.name = key;
      addPoint(series, {step, value});
    }
}

/// A line that is only half there, as a crash leaves it, says nothing.
std::vector<StageCurves> readLog(const std::filesystem::path& path) {
  std::vector<StageCurves> stages;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) try {
      addRow(nlohmann::json::parse(line), stages);
    } catch (const nlohmann::json::exception&) {
    }
  return stages;
}

Figure figureOf(const StageCurves& stage) {
  static const std::set<std::string> kOfValidation = {"miou", "miou_propagated", "score", "ap50", "ap50_propagated"};
  Figure figure{"", {{"loss", "step", {}, true}, {"learning rate", "step", {}}, {"validation", "step", {}}}, 3};
  for (const auto& [key, series] : stage.byKey)
    figure.charts[key == "lr" ? 1 : kOfValidation.count(key) ? 2 : 0].series.push_back(series);
  return figure;
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) safe += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  return safe;
}

std::string duration(double seconds) {
  const auto minutes = int64_t(seconds / 60);
  char text[48];
  std::snprintf(text, sizeof text, "%lld:%02lld h", (long long)(minutes / 60), (long long)(minutes % 60));
  return text;
}

std::string standLine(const TrainingStand& stand) {
  char rate[64];
  std::snprintf(rate, sizeof rate, " &middot; %.2f steps/s &middot; about ", stand.stepsPerSecond);
  return text("<p><b>", escaped(stand.state), "</b> &middot; stage ", stand.number, " of ", stand.stages, " (",
              escaped(stand.stage), ") &middot; step ", stand.step, " of ", stand.steps,
              stand.state == "running" ? rate + duration(stand.secondsLeft) + " left" : "", "</p>\n");
}

}  // namespace

void writeTrainingReport(const std::filesystem::path& output, const TrainingStand& stand) {
  std::string page =
      text("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>", escaped(stand.name),
           ": training</title>\n",
           stand.state == "running" ? text("<meta http-equiv=\"refresh\" content=\"", kReloadSeconds, "\">\n") : "",
           "<style>body{font:14px Inter,Helvetica,Arial,sans-serif;margin:24px;color:#1c2026;background:#fbfbfc}"
           "svg{display:block;max-width:100%;height:auto}</style></head><body>\n<h1>",
           escaped(stand.name), "</h1>\n", standLine(stand));
  for (const auto& stage : readLog(output / "log.jsonl"))
    page += "<h2>" + escaped(stage.name) + "</h2>\n" + svgOf(figureOf(stage));
  writeFileAtomically(output / "curves.html", page + "</body></html>\n");
}

}  // namespace dff
