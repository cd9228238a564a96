#include "core/eval/evaluate_tracks.h"

#include "core/run/pipeline.h"

namespace dff {
namespace {

/// The pictures of a data set as frames.
class DatasetSource : public FrameSource {
 public:
  explicit DatasetSource(const Dataset& data) : data_(data) { info_.times.resize(size_t(data.size())); }
  const SourceInfo& info() const override { return info_; }
  FramePtr next() override {
    if (at_ >= data_.size()) return nullptr;
    return data_.frame(at_++);
  }
  void seek(int64_t index) override { at_ = index; }
  const std::vector<std::string>& warnings() const override { return warnings_; }

 private:
  const Dataset& data_;
  SourceInfo info_;
  std::vector<std::string> warnings_;
  int64_t at_ = 0;
};

}  // namespace

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
