#pragma once
#include <nlohmann/json_fwd.hpp>

#include "core/media/frame_source.h"

namespace dff {

/// width, height, rotation, fps, codec, audio, frame_count and, with `withFrames`, frames: a list of pts_seconds,
/// duration_seconds, codec_key in display order.
nlohmann::json mediaInfo(const FrameSource& source, bool withFrames);

}  // namespace dff
