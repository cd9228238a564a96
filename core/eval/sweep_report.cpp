#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/eval/sweep.h"

namespace dff {

namespace {

/// Nothing where it is not known.
std::string cell(const char* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return value >= 0 ? text : "";
}

}  // namespace

std::string toCsv(const SweepReport& report) {
  std::string csv =
      "flow,propagate,interval,ms_per_frame,speed_up,cost_model_ms,agreement,miou,frames,key_frames,policy,"
      "fixed_agreement,fixed_miou,fixed_key_frames\n";
  for (const SweepPoint& p : report.points) {
    char figures[160];
    std::snprintf(figures, sizeof figures, "%d,%.4f,%.4f,%.4f,%.6f,%s,%lld,%lld", p.interval, p.msPerFrame, p.speedUp,
                  p.modelMs, p.agreement, cell("%.6f", p.miou).c_str(), static_cast<long long>(p.frames),
                  static_cast<long long>(p.keyFrames));
    csv += p.flow + "," + p.propagate + "," + figures + "," + p.policy + "," + cell("%.6f", p.fixedAgreement) + "," +
           cell("%.6f", p.fixedMiou) + "," + cell("%.0f", double(p.fixedKeyFrames)) + "\n";
  }
  return csv;
}

nlohmann::json toJson(const SweepPoint& p) {
  nlohmann::json point = {{"flow", p.flow},
                          {"propagate", p.propagate},
                          {"interval", p.interval},
                          {"ms_per_frame", p.msPerFrame},
                          {"speed_up", p.speedUp},
                          {"cost_model_ms", p.modelMs},
                          {"agreement", p.agreement},
                          {"frames", p.frames},
                          {"key_frames", p.keyFrames},
                          {"policy", p.policy}};
  if (p.miou >= 0) point["miou"] = p.miou;
  if (p.fixedAgreement >= 0)
    point["fixed_interval"] = {{"agreement", p.fixedAgreement}, {"key_frames", p.fixedKeyFrames}};
  if (p.fixedMiou >= 0) point["fixed_interval"]["miou"] = p.fixedMiou;
  return point;
}

nlohmann::json toJson(const SweepReport& report) {
  nlohmann::json points = nlohmann::json::array();
  for (const SweepPoint& p : report.points) points.push_back(toJson(p));
  return {{"schema_version", 1},
          {"points", points},
          {"first_frame", report.first},
          {"last_frame", report.last},
          {"frames_run", report.framesRun},
          {"labelled_frames", report.labelled},
          {"model", {{"name", report.modelName}, {"sha256", report.modelSha256}}},
          {"precision", report.precision}};
}

}  // namespace dff
