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
  std::snprintf(line, sizeof line, "%-10s %8s %8s %10s %10s %10s %8s %10s   mIoU by distance from the key frame\n",
                "flow", "interval", "mIoU", "per-frame", "agreement", "steady", "EPE", "ms/frame");
  std::string table = line;
  for (const auto& row : report.rows) {
    std::snprintf(line, sizeof line, "%-10s %8d %8.4f %10.4f %10.4f %10.4f %8.3f %10.2f  ", row.flow.c_str(),
                  row.interval, row.miou, row.perFrame, row.agreement, row.consistency, row.endPointError,
                  row.msPerFrame);
    table += line;
    for (double value : row.byDistance) table += formatted(" %.3f", value);
    table += "\n";
  }
  return table + "(steady: pixels that keep the class of the frame before along neutral flow; below 0: not known)\n";
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

std::string boxTable(const EvalReport& report) {
  std::string table;
  for (const auto& row : report.rows) {
    if (!row.boxes) continue;
    const BoxScores& s = row.boxes->mean;
    char line[200];
    std::snprintf(line, sizeof line, "%-10s %8d %8.4f %10.4f %10.4f %8.3f %8.3f %8.3f %10.2f  ", row.flow.c_str(),
                  row.interval, s.ap50, row.boxes->perFrame.ap50, s.ap, s.apSmall, s.apMedium, s.apLarge,
                  row.boxes->detectMsPerFrame);
    table += line;
    for (const auto& at : row.boxes->byDistance) table += formatted(" %.3f", at.ap50);
    for (const auto& [name, value] : row.boxes->ap50PerClass) table += "  " + name + formatted(" %.3f", value);
    table += "\n";
  }
  if (table.empty()) return table;
  char heading[200];
  std::snprintf(heading, sizeof heading, "\n%-10s %8s %8s %10s %10s %8s %8s %8s %10s   AP50 by distance, by class\n",
                "boxes", "interval", "AP50", "per-frame", "AP50:95", "small", "medium", "large", "ms/frame");
  return heading + table + "(below 0: no such object in the data)\n";
}

/// By ImageNet VID's own rule, where the data are its own.
std::string vidTable(const EvalReport& report) {
  std::string table;
  char line[200];
  for (const auto& row : report.rows) {
    const BoxScores* s = row.boxes ? &row.boxes->mean : row.tracks ? &row.tracks->boxes : nullptr;
    if (!s || s->vid.map < 0) continue;
    std::snprintf(line, sizeof line, "%-10s %8d %8.4f %8.4f %8.4f %8.4f\n", row.flow.c_str(), row.interval, s->vid.map,
                  s->vid.slow, s->vid.medium, s->vid.fast);
    table += line;
  }
  if (table.empty()) return table;
  std::snprintf(line, sizeof line, "\n%-10s %8s %8s %8s %8s %8s\n", "VID", "interval", "mAP", "slow", "medium", "fast");
  return line + table;
}

std::string maskTable(const EvalReport& report) {
  std::string table;
  char line[200];
  for (const auto& row : report.rows) {
    if (!row.masks) continue;
    const MaskScores& s = row.masks->mean;
    std::snprintf(line, sizeof line, "%-10s %8d %8.4f %8.4f %8.4f %8.4f %8.4f\n", row.flow.c_str(), row.interval,
                  (s.region + s.contour) / 2, s.region, s.contour, s.recall, s.decay);
    table += line;
  }
  if (table.empty()) return table;
  std::snprintf(line, sizeof line, "\n%-10s %8s %8s %8s %8s %8s %8s\n", "masks", "interval", "J&F", "J", "F", "recall",
                "decay");
  return line + table;
}

std::string trackTable(const EvalReport& report) {
  char line[200];
  std::snprintf(line, sizeof line, "%-10s %8s %8s %8s %8s %8s %9s %8s %8s %8s\n", "flow", "interval", "AP50", "AP50:95",
                "MOTA", "IDF1", "switches", "missed", "false", "objects");
  std::string table = line;
  for (const auto& row : report.rows) {
    const auto& [boxes, tracks] = *row.tracks;
    std::snprintf(line, sizeof line, "%-10s %8d %8.4f %8.4f %8.4f %8.4f %9lld %8lld %8lld %8lld\n", row.flow.c_str(),
                  row.interval, boxes.ap50, boxes.ap, tracks.mota, tracks.idf1, (long long)tracks.idSwitches,
                  (long long)tracks.missed, (long long)tracks.falseBoxes, (long long)tracks.objects);
    table += line;
  }
  return table;
}

/// Each policy beside the fixed interval with as many keys.
std::string policyTable(const EvalReport& report) {
  if (report.policies.empty()) return {};
  char line[200];
  std::snprintf(line, sizeof line, "\n%-10s %-18s %8s %6s %8s %8s %10s %8s | %10s %8s %10s %8s\n", "flow", "policy",
                "interval", "keys", "share", "mIoU", "agreement", "ms/frame", "fixed keys", "mIoU", "agreement",
                "gain");
  std::string table = line;
  for (const SweepPoint& p : report.policies) {
    std::snprintf(line, sizeof line, "%-10s %-18s %8d %6lld %7.1f%% %8.4f %10.4f %8.2f | %10lld %8.4f %10.4f %+8.4f\n",
                  p.flow.c_str(), p.policy.c_str(), p.interval, (long long)p.keyFrames,
                  100 * double(p.keyFrames) / double(p.frames), p.miou, p.agreement, p.msPerFrame,
                  (long long)p.fixedKeyFrames, p.fixedMiou, p.fixedAgreement, p.agreement - p.fixedAgreement);
    table += line;
  }
  return table +
         "(all frames of the video; the fixed interval is the mean over where its grid begins, as far as that gives as "
         "many keys)\n";
}

/// null where there was nothing to find.
nlohmann::json known(double value) { return value >= 0 ? nlohmann::json(value) : nlohmann::json(); }

nlohmann::json known(const std::vector<double>& values) {
  nlohmann::json all = nlohmann::json::array();
  for (const double value : values) all.push_back(known(value));
  return all;
}

void addMasks(nlohmann::json& row, const EvalMasks& masks) {
  const auto json = [](const MaskScores& s) {
    return nlohmann::json{
        {"j", known(s.region)}, {"f", known(s.contour)}, {"recall", known(s.recall)}, {"decay", s.decay}};
  };
  row["masks"] = json(masks.mean);
  row["masks_per_frame"] = json(masks.perFrame);
  for (const auto& at : masks.byDistance) row["masks_by_distance"].push_back(json(at));
}

void addVid(nlohmann::json& row, const VidScores& s) {
  if (s.map < 0) return;
  row["vid"] = {{"map", s.map}, {"slow", known(s.slow)}, {"medium", known(s.medium)}, {"fast", known(s.fast)}};
}

void addBoxes(nlohmann::json& row, const EvalBoxes& boxes) {
  row["ap50"] = known(boxes.mean.ap50);
  row["ap"] = known(boxes.mean.ap);
  row["ap_small"] = known(boxes.mean.apSmall);
  row["ap_medium"] = known(boxes.mean.apMedium);
  row["ap_large"] = known(boxes.mean.apLarge);
  row["ap50_by_distance"] = nlohmann::json::array();
  for (const auto& at : boxes.byDistance) row["ap50_by_distance"].push_back(known(at.ap50));
  row["ap50_per_class"] = boxes.ap50PerClass;
  row["ap50_per_frame"] = known(boxes.perFrame.ap50);
  row["ap_by_distance"] = nlohmann::json::array();
  for (const auto& at : boxes.byDistance) row["ap_by_distance"].push_back(known(at.ap));
  row["detect_ms_per_frame"] = boxes.detectMsPerFrame;
  addVid(row, boxes.mean.vid);
}

nlohmann::json trackRow(const EvalRow& row) {
  const auto& [boxes, tracks] = *row.tracks;
  return {{"flow", row.flow},
          {"propagate", row.propagate},
          {"interval", row.interval},
          {"scored_frames", row.scoredFrames},
          {"ap50", known(boxes.ap50)},
          {"ap", known(boxes.ap)},
          {"mota", tracks.mota},
          {"idf1", tracks.idf1},
          {"id_switches", tracks.idSwitches},
          {"missed", tracks.missed},
          {"false", tracks.falseBoxes},
          {"objects", tracks.objects}};
}

}  // namespace

nlohmann::json toJson(const EvalReport& report) {
  nlohmann::json rows = nlohmann::json::array();
  for (const auto& row : report.rows) {
    rows.push_back({{"flow", row.flow},
                    {"propagate", row.propagate},
                    {"interval", row.interval},
                    {"miou", known(row.miou)},
                    {"per_class", row.perClass},
                    {"by_distance", known(row.byDistance)},
                    {"miou_per_frame", known(row.perFrame)},
                    {"scored_frames", row.scoredFrames},
                    {"agreement", known(row.agreement)},
                    {"agreement_by_distance", known(row.agreementByDistance)},
                    {"consistency", known(row.consistency)},
                    {"consistency_per_frame", known(row.consistencyPerFrame)},
                    {"consistency_by_distance", known(row.consistencyByDistance)},
                    {"ms_per_frame", row.msPerFrame}});
    if (row.endPointError >= 0) {
      rows.back()["epe"] = row.endPointError;
      rows.back()["epe_by_distance"] = row.endPointErrorByDistance;
    }
    if (row.tracks) {
      rows.back() = trackRow(row);
      addVid(rows.back(), row.tracks->boxes.vid);
    }
    if (row.boxes) addBoxes(rows.back(), *row.boxes);
    if (row.masks) addMasks(rows.back(), *row.masks);
  }
  nlohmann::json whole = {{"schema_version", 1},
                          {"rows", rows},
                          {"scored_frames", report.scoredFrames},
                          {"model", {{"name", report.modelName}, {"sha256", report.modelSha256}}}};
  for (const SweepPoint& p : report.policies) whole["policies"].push_back(toJson(p));
  return whole;
}

std::string summary(const EvalReport& report) {
  const bool tracks = report.rows.front().tracks.has_value();
  return text(report.scoredFrames, " frames scored, model ", report.modelName, ", propagation ",
              report.rows.front().propagate, "\n\n") +
         (tracks ? trackTable(report)
                 : overview(report) + classTable(report) + boxTable(report) + policyTable(report)) +
         vidTable(report) + maskTable(report);
}

}  // namespace dff
