#include "core/media/media_info.h"

#include <nlohmann/json.hpp>

namespace dff {

nlohmann::json mediaInfo(const FrameSource& source, bool withFrames) {
  const SourceInfo& info = source.info();
  nlohmann::json json = {
      {"width", info.width}, {"height", info.height},      {"rotation", info.rotation},       {"fps", info.fps},
      {"codec", info.codec}, {"has_audio", info.hasAudio}, {"frame_count", info.times.size()}};
  if (!withFrames) return json;
  json["frames"] = nlohmann::json::array();
  for (const FrameTime& time : info.times)
    json["frames"].push_back(
        {{"pts_seconds", time.ptsSeconds}, {"duration_seconds", time.durationSeconds}, {"codec_key", time.codecKey}});
  return json;
}

}  // namespace dff
