#include "core/eval/sweep_page.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace dff {
namespace {

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) safe += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  return safe;
}

/// "flownet two-sided", "clockwork", and the policy where it is not the grid.
std::string nameOf(const SweepPoint& p) {
  const std::string way = findPropagator(p.propagate).usesFlow ? p.flow + " " + p.propagate : p.propagate;
  return way + (p.policy == "fixed" ? "" : " " + p.policy);
}

/// One curve a way, in the order of the report; per-frame inference is the first point of all.
template <class Place>
std::vector<Series> curves(const SweepReport& report, const Place& place) {
  std::vector<Series> all;
  for (const SweepPoint& p : report.points) {
    if (p.perFrame()) continue;
    const std::string name = nameOf(p);
    const auto known = std::find_if(all.begin(), all.end(), [&](const Series& s) { return s.name == name; });
    Series& series = known != all.end() ? *known : all.emplace_back(Series{name, {place(report.points[0])}});
    series.points.push_back(place(p));
  }
  return all;
}

/// What the settings are measured by: mIoU where there are labels, else agreement, in percent.
double valueOf(const SweepReport& report, const SweepPoint& p) {
  return 100 * (report.labelled ? p.miou : p.agreement);
}

Chart againstInterval(const SweepReport& report) {
  Chart chart{"ms a frame", "key-frame interval",
              curves(report, [](const SweepPoint& p) { return cv::Point2d(p.interval, p.msPerFrame); })};
  const auto models = curves(report, [](const SweepPoint& p) { return cv::Point2d(p.interval, p.modelMs); });
  if (!models.empty()) chart.series.push_back({"cost model", models[0].points, true});
  return chart;
}

std::string cell(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return std::string("<td>") + text + "</td>";
}

std::string rowOf(const SweepReport& report, const SweepPoint& p) {
  std::string row = "<tr><th>" + (p.perFrame() ? "every frame" : escaped(nameOf(p))) + "</th>";
  row += cell("%.0f", p.interval) + cell("%.1f", 100 * p.agreement);
  if (report.labelled) row += cell("%.1f", 100 * p.miou);
  row += cell("%.2f", p.msPerFrame) + cell("%.1f", 1000 / p.msPerFrame) + cell("%.2f", p.speedUp) +
         cell("%.2f", p.modelMs);
  return row + cell("%.0f", double(p.keyFrames)) + cell("%.0f", double(p.frames)) + "</tr>\n";
}

std::string tableOf(const SweepReport& report) {
  std::string table = "<table><tr><th></th><th>interval</th><th>agreement, %</th>";
  if (report.labelled) table += "<th>mIoU, %</th>";
  table += "<th>ms a frame</th><th>fps</th><th>speed-up</th><th>cost model, ms</th><th>keys</th><th>frames</th></tr>\n";
  for (const SweepPoint& p : report.points) table += rowOf(report, p);
  return table + "</table>\n";
}

/// What each policy gains over the fixed interval with as many keys.
std::string policyTableOf(const SweepReport& report) {
  std::string rows;
  for (const SweepPoint& p : report.points) {
    if (p.fixedAgreement < 0) continue;
    rows += "<tr><th>" + escaped(nameOf(p)) + "</th>" + cell("%.0f", p.interval) + cell("%.0f", double(p.keyFrames)) +
            cell("%.0f", double(p.fixedKeyFrames)) + cell("%.2f", 100 * p.agreement) +
            cell("%.2f", 100 * p.fixedAgreement) + cell("%+.2f", 100 * (p.agreement - p.fixedAgreement));
    if (report.labelled) rows += cell("%+.2f", 100 * (p.miou - p.fixedMiou));
    rows += "</tr>\n";
  }
  if (rows.empty()) return rows;
  return text(
      "<h2>Agreement against the fixed interval at the same key share</h2>\n<p>The fixed interval is run from "
      "several offsets; its figures are the mean over those with the commonest number of keys, and a policy puts as "
      "many.</p>\n<table><tr><th></th>"
      "<th>interval</th><th>keys</th><th>keys, fixed</th><th>agreement, %</th><th>fixed, %</th><th>gain, "
      "points</th>",
      report.labelled ? "<th>gain in mIoU, points</th>" : "", "</tr>\n", rows, "</table>\n");
}

}  // namespace

Figure figureOf(const SweepReport& report) {
  const char* measure = report.labelled ? "mIoU, %" : "agreement with per-frame inference, %";
  const auto value = [&](const SweepPoint& p) { return valueOf(report, p); };
  Figure figure;
  figure.charts.push_back({measure, "frames a second", curves(report, [&](const SweepPoint& p) {
                             return cv::Point2d(1000 / p.msPerFrame, value(p));
                           })});
  figure.charts.push_back({measure, "key-frame interval",
                           curves(report, [&](const SweepPoint& p) { return cv::Point2d(p.interval, value(p)); })});
  figure.charts.push_back(againstInterval(report));
  return figure;
}

std::string pageOf(const SweepReport& report, const SweepOptions& options) {
  const std::string title = escaped(options.input) + ": accuracy and speed";
  return text("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>", title,
              "</title>\n<style>body{font:14px Inter,Helvetica,Arial,sans-serif;margin:24px;color:#1c2026;background:"
              "#fbfbfc}svg{display:block;max-width:100%;height:auto}table{border-collapse:collapse}"
              "td,th{padding:3px 10px;text-align:right;border-bottom:1px solid #dde1e6}th:first-child{text-align:left}"
              "</style></head><body>\n<h1>",
              title, "</h1>\n<p>Model ", escaped(report.modelName), ", ", report.precision, "; frames ", report.first,
              " to ", report.last, ", ", report.framesRun, " of them run", report.labelled ? ", " : "",
              report.labelled ? text(report.labelled, " with labels") : "", ".</p>\n", svgOf(figureOf(report)),
              tableOf(report), policyTableOf(report), "<h2>Options</h2>\n<pre>", escaped(toJson(options).dump(1)),
              "</pre>\n</body></html>\n");
}

}  // namespace dff
