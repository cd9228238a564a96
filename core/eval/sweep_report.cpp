#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/eval/sweep.h"

namespace dff {

std::string toCsv(const SweepReport& report) {
  std::string csv =
      "flow,propagate,interval,ms_per_frame,speed_up,cost_model_ms,agreement,miou,frames,key_frames,policy\n";
  for (const SweepPoint& p : report.points) {
    char figures[160], miou[32] = "";
    if (p.miou >= 0) std::snprintf(miou, sizeof miou, "%.6f", p.miou);
    std::snprintf(figures, sizeof figures, "%d,%.4f,%.4f,%.4f,%.6f,%s,%lld,%lld", p.interval, p.msPerFrame, p.speedUp,
                  p.modelMs, p.agreement, miou, static_cast<long long>(p.frames), static_cast<long long>(p.keyFrames));
    csv += p.flow + "," + p.propagate + "," + figures + "," + p.policy + "\n";
  }
  return csv;
}

nlohmann::json toJson(const SweepReport& report) {
  nlohmann::json points = nlohmann::json::array();
  for (const SweepPoint& p : report.points) {
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
    points.push_back(std::move(point));
  }
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
