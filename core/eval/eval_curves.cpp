// What was measured, as lines of numbers and as curves.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/eval/evaluate.h"

namespace dff {
namespace {

/// One measure of a row: below 0 where it is not known.
struct Measure {
  const char* column;
  const char* title;
  double (*mean)(const EvalRow&);
  double (*at)(const EvalRow&, size_t distance);
  double (*perFrame)(const EvalRow&);
};

double at(const std::vector<double>& values, size_t d) { return d < values.size() ? values[d] : -1; }

template <double BoxScores::*kScore>
constexpr Measure boxMeasure(const char* column, const char* title) {
  return {column, title, [](const EvalRow& r) { return r.boxes ? r.boxes->mean.*kScore : -1; },
          [](const EvalRow& r, size_t d) { return r.boxes ? r.boxes->byDistance.at(d).*kScore : -1; },
          [](const EvalRow& r) { return r.boxes ? r.boxes->perFrame.*kScore : -1; }};
}

template <double VidScores::*kScore>
constexpr Measure vidMeasure(const char* column, const char* title) {
  return {column, title, [](const EvalRow& r) { return r.boxes ? r.boxes->mean.vid.*kScore : -1; },
          [](const EvalRow& r, size_t d) { return r.boxes ? r.boxes->byDistance.at(d).vid.*kScore : -1; },
          [](const EvalRow& r) { return r.boxes ? r.boxes->perFrame.vid.*kScore : -1; }};
}

template <double MaskScores::*kScore>
constexpr Measure maskMeasure(const char* column, const char* title) {
  return {column, title, [](const EvalRow& r) { return r.masks ? r.masks->mean.*kScore : -1; },
          [](const EvalRow& r, size_t d) { return r.masks ? r.masks->byDistance.at(d).*kScore : -1; },
          [](const EvalRow& r) { return r.masks ? r.masks->perFrame.*kScore : -1; }};
}

double unknown(const EvalRow&) { return -1; }

constexpr Measure kMeasures[] = {
    {"miou", "mIoU", [](const EvalRow& r) { return r.miou; },
     [](const EvalRow& r, size_t d) { return at(r.byDistance, d); }, [](const EvalRow& r) { return r.perFrame; }},
    boxMeasure<&BoxScores::ap50>("ap50", "AP at overlap 0.5"),
    boxMeasure<&BoxScores::ap>("ap", "AP, mean over overlaps 0.5 to 0.95"),
    boxMeasure<&BoxScores::apSmall>("ap_small", "AP, small objects"),
    boxMeasure<&BoxScores::apMedium>("ap_medium", "AP, medium objects"),
    boxMeasure<&BoxScores::apLarge>("ap_large", "AP, large objects"),
    vidMeasure<&VidScores::map>("vid_map", "mAP of ImageNet VID"),
    vidMeasure<&VidScores::slow>("vid_slow", "mAP of ImageNet VID, slow objects"),
    vidMeasure<&VidScores::medium>("vid_medium", "mAP of ImageNet VID, objects of medium speed"),
    vidMeasure<&VidScores::fast>("vid_fast", "mAP of ImageNet VID, fast objects"),
    maskMeasure<&MaskScores::region>("mask_j", "J, region similarity"),
    maskMeasure<&MaskScores::contour>("mask_f", "F, contour accuracy"),
    {"agreement", "agreement with per-frame", [](const EvalRow& r) { return r.agreement; },
     [](const EvalRow& r, size_t d) { return at(r.agreementByDistance, d); }, unknown},
    {"consistency", "temporal consistency", [](const EvalRow& r) { return r.consistency; },
     [](const EvalRow& r, size_t d) { return at(r.consistencyByDistance, d); },
     [](const EvalRow& r) { return r.consistencyPerFrame; }},
    {"epe", "end-point error, pixels", [](const EvalRow& r) { return r.endPointError; },
     [](const EvalRow& r, size_t d) { return d == 0 ? -1 : at(r.endPointErrorByDistance, d); }, unknown},
};

std::string cell(double value) {
  if (!(value >= 0)) return ",";
  char digits[32];
  std::snprintf(digits, sizeof digits, ",%.6g", value);
  return digits;
}

std::string csvLine(const EvalRow& row, const std::string& distance, const auto& valueOf) {
  std::string line = row.flow + "," + row.propagate + "," + std::to_string(row.interval) + "," + distance;
  for (const Measure& m : kMeasures) line += cell(valueOf(m));
  return line;
}

std::string csvOfTracks(const EvalReport& report) {
  std::string csv = "flow,propagate,interval,ap50,ap,mota,idf1,id_switches,missed,false,objects\n";
  for (const auto& row : report.rows) {
    const auto& [boxes, tracks] = *row.tracks;
    csv += row.flow + "," + row.propagate + "," + std::to_string(row.interval) + cell(boxes.ap50) + cell(boxes.ap);
    csv += text(",", tracks.mota, ",", tracks.idf1, ",", tracks.idSwitches, ",", tracks.missed, ",", tracks.falseBoxes,
                ",", tracks.objects, "\n");
  }
  return csv;
}

double known(double value) { return value >= 0 ? value : NAN; }

bool anyKnown(const std::vector<Series>& series) {
  for (const auto& s : series)
    for (const auto& p : s.points)
      if (std::isfinite(p.y)) return true;
  return false;
}

/// Appends to the curve of the row's flow source, which is the last one where the rows stand together.
Series& curveOf(const EvalRow& row, std::vector<Series>& series) {
  if (series.empty() || series.back().name != row.flow) series.push_back({row.flow, {}});
  return series.back();
}

Chart againstInterval(const EvalReport& report, const Measure& m) {
  Chart chart{m.title, "key-frame interval", {}};
  Series perFrame{"per frame", {}, true};
  for (const auto& row : report.rows) {
    curveOf(row, chart.series).points.push_back({double(row.interval), known(m.mean(row))});
    if (row.flow == report.rows.front().flow) perFrame.points.push_back({double(row.interval), known(m.perFrame(row))});
  }
  chart.series.push_back(perFrame);
  return chart;
}

Chart againstDistance(const EvalReport& report, const Measure& m) {
  int largest = 0;
  for (const auto& row : report.rows) largest = std::max(largest, row.interval);
  Chart chart{text(m.title, ", interval ", largest), "distance from the key frame", {}};
  for (const auto& row : report.rows)
    if (row.interval == largest)
      for (size_t d = 0; d < size_t(largest); ++d)
        curveOf(row, chart.series).points.push_back({double(d), known(m.at(row, d))});
  return chart;
}

Figure figureOfTracks(const EvalReport& report) {
  constexpr std::pair<const char*, double (*)(const EvalTracks&)> kScores[] = {
      {"AP at overlap 0.5", [](const EvalTracks& t) { return t.boxes.ap50; }},
      {"MOTA", [](const EvalTracks& t) { return t.tracks.mota; }},
      {"IDF1", [](const EvalTracks& t) { return t.tracks.idf1; }},
      {"identity switches", [](const EvalTracks& t) { return double(t.tracks.idSwitches); }}};
  Figure figure{text(report.modelName, ", ", report.scoredFrames, " frames"), {}, 2};
  for (const auto& [title, score] : kScores) {
    figure.charts.push_back({title, "key-frame interval", {}});
    for (const auto& row : report.rows)
      curveOf(row, figure.charts.back().series).points.push_back({double(row.interval), score(*row.tracks)});
  }
  return figure;
}

}  // namespace

std::string csvOf(const EvalReport& report) {
  if (report.rows.front().tracks) return csvOfTracks(report);
  std::string csv = "flow,propagate,interval,distance";
  for (const Measure& m : kMeasures) csv += std::string(",") + m.column;
  csv += ",ms_per_frame\n";
  for (const auto& row : report.rows) {
    csv += csvLine(row, "", [&](const Measure& m) { return m.mean(row); }) + cell(row.msPerFrame) + "\n";
    for (size_t d = 0; d < size_t(row.interval); ++d)
      csv += csvLine(row, std::to_string(d), [&](const Measure& m) { return m.at(row, d); }) + ",\n";
  }
  return csv;
}

Figure figureOf(const EvalReport& report) {
  if (report.rows.front().tracks) return figureOfTracks(report);
  Figure figure{
      text(report.modelName, ", ", report.rows.front().propagate, ", ", report.scoredFrames, " frames"), {}, 2};
  for (const Measure& m : kMeasures) {
    Chart interval = againstInterval(report, m), distance = againstDistance(report, m);
    if (!anyKnown(interval.series) && !anyKnown(distance.series)) continue;
    figure.charts.push_back(std::move(interval));
    figure.charts.push_back(std::move(distance));
  }
  return figure;
}

}  // namespace dff
