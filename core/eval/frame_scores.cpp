#include "core/eval/frame_scores.h"

namespace dff {

bool knowBoxes(const Dataset& data, const ModelSpec& spec) { return spec.detection && !data.boxClasses().empty(); }

FrameTruth truthOf(const Dataset& data, int64_t index, const ModelSpec& spec) {
  FrameTruth truth{data.labels(index), {}, -1};
  if (knowBoxes(data, spec))
    truth.boxes = withClasses(data.boxes(index), data.boxClasses(), namesOf(spec.detection->classes));
  if (data.masksOfObjects()) truth.maskVideo = data.place(index).first;
  return truth;
}

void FrameScores::add(const FrameTruth& truth, const Result& result) {
  if (!result.labels.empty()) confusion.add(truth.labels, result.labels);
  boxes.add(truth.boxes, result.boxes);
  if (truth.maskVideo >= 0 && !result.labels.empty()) masks.add(truth.maskVideo, result.labels == 1, truth.labels == 1);
}

}  // namespace dff
