#pragma once
#include "core/data/dataset.h"
#include "core/eval/evaluate.h"
#include "core/task/tracker.h"

namespace dff {

/// Detection and tracking over a whole sequence, run as a video is: keys every `interval` frames.
EvalTracks evaluateTracks(const Dataset& data, Engine& engine, int interval, int threads, const JobContext& job);

}  // namespace dff
