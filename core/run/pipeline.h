#pragma once
#include <functional>

#include "core/media/frame_source.h"
#include "core/run/engine.h"

namespace dff {

struct PipelineOptions {
  int64_t start = 0;     ///< first frame, number in the file
  int64_t end = -1;      ///< last frame, included; -1: the last of the file
  bool threaded = true;  ///< decoding, inference and the sink each on a thread of its own
  int threads = 0;       ///< of the networks; 0: one a core
};

/// Feeds frames `start` to `end` of a source through the engine, in order, and every result to `sink`, which adds the
/// times of its own stages. The results are the same with and without threads. Memory does not grow with the length.
/// Throws what any stage throws, Interrupted when the job is stopped. Returns the number of frames.
int64_t runFrames(FrameSource& source, Engine& engine, KeyPlan& plan, const PipelineOptions& options,
                  const std::function<void(Result&)>& sink, const JobContext& job);

}  // namespace dff
