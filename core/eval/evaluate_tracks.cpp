#include "core/eval/evaluate_tracks.h"

#include "core/data/dataset_source.h"
#include "core/run/pipeline.h"

namespace dff {

EvalTracks evaluateTracks(const Dataset& data, Engine& engine, int interval, int threads, const JobContext& job) {
  DatasetSource source(data);
  KeyPlan plan({interval, 0, false});
  Tracker tracker;
  TrackScorer tracks;
  const auto names = namesOf(engine.spec().detection->classes);
  BoxScorer boxes(int(names.size()));
  const auto sink = [&](Result& result) {
    const auto truth = withClasses(data.boxes(result.frame->index), data.boxClasses(), names);
    tracker.track(result.boxes);
    boxes.add(truth, result.boxes);
    tracks.add(truth, result.boxes);
    job.progress(result.frame->index + 1, data.size(), text("interval ", interval));
  };
  runFrames(source, engine, plan, {0, -1, false, threads}, sink, job);
  return {boxes.scores(), tracks.scores()};
}

}  // namespace dff
