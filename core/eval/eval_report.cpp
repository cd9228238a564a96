#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/eval/evaluate.h"

namespace dff {
namespace {

std::string formatted(const char* format, double value) {
  char text[48];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

/// "flow  l=1  l=2 ...": one line a flow source, one column an interval.
std::string overview(const EvalReport& report) {
  char line[160];
  std::snprintf(line, sizeof line, "%-10s %8s %8s %10s %10s %10s   mIoU by distance from the key frame\n", "flow",
                "interval", "mIoU", "per-frame", "agreement", "ms/frame");
  std::string table = line;
  for (const auto& row : report.rows) {
    std::snprintf(line, sizeof line, "%-10s %8d %8.4f %10.4f %10.4f %10.2f  ", row.flow.c_str(), row.interval, row.miou,
                  row.perFrame, row.agreement, row.msPerFrame);
    table += line;
    for (double value : row.byDistance) table += formatted(" %.3f", value);
    table += "\n";
  }
  return table;
}

std::string classTable(const EvalReport& report) {
  std::string table = "\nIoU of each class\n";
  for (const auto& row : report.rows) {
    table += row.flow + " l=" + std::to_string(row.interval) + ":";
    for (const auto& [name, iou] : row.perClass) table += " " + name + formatted(" %.3f", iou);
    table += "\n";
  }
  return table;
}

}  // namespace

nlohmann::json toJson(const EvalReport& report) {
  nlohmann::json rows = nlohmann::json::array();
  for (const auto& row : report.rows)
    rows.push_back({{"flow", row.flow},
                    {"propagate", row.propagate},
                    {"interval", row.interval},
                    {"miou", row.miou},
                    {"per_class", row.perClass},
                    {"by_distance", row.byDistance},
                    {"miou_per_frame", row.perFrame},
                    {"scored_frames", row.scoredFrames},
                    {"agreement", row.agreement},
                    {"ms_per_frame", row.msPerFrame}});
  return {{"schema_version", 1},
          {"rows", rows},
          {"scored_frames", report.scoredFrames},
          {"model", {{"name", report.modelName}, {"sha256", report.modelSha256}}}};
}

std::string summary(const EvalReport& report) {
  return text(report.scoredFrames, " frames scored, model ", report.modelName, ", propagation ",
              report.rows.front().propagate, "\n\n") +
         overview(report) + classTable(report);
}

}  // namespace dff
