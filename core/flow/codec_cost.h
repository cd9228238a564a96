#pragma once
#include <filesystem>
#include <string>

#include "core/base/job.h"

namespace dff {

/// What the flow source codec costs, milliseconds of processor time a frame: the least of several rounds.
struct CodecCost {
  int64_t frames = 0;
  double decode = 0;    ///< decoding as such, without motion: not part of the cost
  double handOver = 0;  ///< what decoding takes longer when FFmpeg hands motion vectors over
  double gather = 0;    ///< the vectors of a frame taken out of FFmpeg's list
  double field = 0;     ///< laid out on a grid, holes filled, median filtered
  double chain = 0;     ///< followed back to the key, mean over the distances of the interval
  double total() const { return handOver + gather + field + chain; }
};

/// Decodes the whole video several times. The cells are those of a feature map of stride 8 at the video's own size.
/// Throws Error where the codec gives no motion vectors.
CodecCost measureCodecCost(const std::filesystem::path& video, int interval, const JobContext& job);

std::string summary(const CodecCost& cost);

}  // namespace dff
