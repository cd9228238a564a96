#include "core/eval/frame_scores.h"

namespace dff {

bool knowBoxes(const Dataset& data, const ModelSpec& spec) { return spec.detection && !data.boxClasses().empty(); }

FrameTruth truthOf(const Dataset& data, int64_t index, const ModelSpec& spec) {
  FrameTruth truth{data.labels(index), {}};
  if (knowBoxes(data, spec))
    truth.boxes = withClasses(data.boxes(index), data.boxClasses(), namesOf(spec.detection->classes));
  return truth;
}

void FrameScores::add(const FrameTruth& truth, const Result& result) {
  if (!result.labels.empty()) confusion.add(truth.labels, result.labels);
  boxes.add(truth.boxes, result.boxes);
}

}  // namespace dff
