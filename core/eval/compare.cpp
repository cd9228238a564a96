#include "core/eval/compare.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

namespace dff {
namespace {

using Value = std::function<double(const EvalRow&)>;

std::string number(double value, const char* format) {
  if (!(value >= 0)) return "–";
  char digits[32];
  std::snprintf(digits, sizeof digits, format, value);
  return digits;
}

/// One line: the rows of one flow source of one model, which stand one after another.
struct Line {
  std::string model, flow;
  std::vector<const EvalRow*> rows;
};

std::vector<Line> linesOf(const CompareReport& report) {
  std::vector<Line> lines;
  for (const auto& model : report.models)
    for (const auto& row : model.rows) {
      if (lines.empty() || &row == &model.rows.front() || lines.back().flow != row.flow)
        lines.push_back({model.modelName, row.flow, {}});
      lines.back().rows.push_back(&row);
    }
  return lines;
}

std::string tableLine(const std::string& model, const std::string& flow, const std::vector<const EvalRow*>& rows,
                      const Value& value, const char* format) {
  std::string line = text("| ", model, " | ", flow, " |");
  for (const EvalRow* row : rows) line += text(" ", number(value(*row), format), " |");
  return line + "\n";
}

struct Table {
  const char* title;
  const char* format;
  Value value, perFrame;
};

std::string tableOf(const CompareReport& report, const Table& table) {
  const auto lines = linesOf(report);
  std::string head = text("\n", table.title, "\n\n| model | flow |"), rule = "|---|---|";
  for (const EvalRow* row : lines.front().rows) head += text(" l=", row->interval, " |"), rule += "---|";
  std::string out = head + "\n" + rule + "\n";
  out += tableLine(lines.front().model, "every frame", lines.front().rows, table.perFrame, table.format);
  for (const Line& line : lines) out += tableLine(line.model, line.flow, line.rows, table.value, table.format);
  return out;
}

double perFrameMs(const CompareReport& report) {
  for (const auto& row : report.models.front().rows)
    if (row.interval == 1) return row.msPerFrame;
  return -1;
}

}  // namespace

CompareReport compare(const CompareOptions& options, const JobContext& job) {
  if (options.models.empty()) throw UsageError("compare needs at least one model");
  CompareReport report{options.dataset, {}};
  for (const auto& model : options.models) {
    EvalOptions one{options.dataset, model, options.intervals, {"flownet"}, options.engine, options.threads};
    if (report.models.empty())
      std::copy_if(options.flows.begin(), options.flows.end(), std::back_inserter(one.flows),
                   [&](const std::string& flow) { return flow != one.flows.front(); });
    report.models.push_back(evaluate(one, job));
    if (report.models.back().rows.front().tracks)
      fail("the data set ", options.dataset, " has no labels of pixels to compare by; use dff eval");
  }
  return report;
}

std::string markdown(const CompareReport& report) {
  const EvalRow& first = report.models.front().rows.front();
  std::string page =
      text("# Comparison on ", report.dataset, "\n", report.models.front().scoredFrames, " frames scored, propagation ",
           first.propagate, "; each figure is the mean over the distances d = 0 .. l-1 from the key frame.\n");
  page += tableOf(report, {"Mean IoU", "%.3f", [](const EvalRow& r) { return r.miou; },
                           [](const EvalRow& r) { return r.perFrame; }});
  if (first.boxes)
    page += tableOf(report, {"AP50", "%.3f", [](const EvalRow& r) { return r.boxes ? r.boxes->mean.ap50 : -1; },
                             [](const EvalRow& r) { return r.boxes->perFrame.ap50; }});
  const double perFrame = perFrameMs(report);
  return page + tableOf(report,
                        {"Milliseconds a frame, prepare to post", "%.1f", [](const EvalRow& r) { return r.msPerFrame; },
                         [perFrame](const EvalRow&) { return perFrame; }});
}

nlohmann::json toJson(const CompareReport& report) {
  nlohmann::json models = nlohmann::json::array();
  for (const auto& model : report.models) models.push_back(toJson(model));
  return {{"schema_version", 1}, {"dataset", report.dataset}, {"models", models}};
}

}  // namespace dff
