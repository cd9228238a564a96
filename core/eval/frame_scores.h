#pragma once
#include "core/data/dataset.h"
#include "core/eval/average_precision.h"
#include "core/eval/mask_scores.h"
#include "core/model/spec.h"
#include "core/task/confusion.h"
#include "core/task/prediction.h"

namespace dff {

/// What a data set says of one frame; boxes with the model's classes, none where either knows of no boxes.
struct FrameTruth {
  cv::Mat labels;
  std::vector<LabelledBox> boxes;
  int64_t maskVideo = -1;  ///< the video whose masks are scored; -1: they are not
};

FrameTruth truthOf(const Dataset& data, int64_t index, const ModelSpec& spec);

/// Whether boxes of the model can be compared with boxes of the data.
bool knowBoxes(const Dataset& data, const ModelSpec& spec);

/// Accuracy over many frames.
struct FrameScores {
  explicit FrameScores(const ModelSpec& spec)
      : confusion(int(spec.classes.size())), boxes(spec.detection ? int(spec.detection->classes.size()) : 0) {}
  void add(const FrameTruth& truth, const Result& result);

  ConfusionMatrix confusion;
  BoxScorer boxes;
  MaskScorer masks;
};

}  // namespace dff
