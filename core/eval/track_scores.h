#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "core/data/boxes.h"
#include "core/task/prediction.h"

namespace dff {

/// How well tracks follow objects.
struct TrackScores {
  double mota = 0;  ///< 1 - (missed + false + switches) / objects (CLEAR MOT, Bernardin and Stiefelhagen 2008)
  double idf1 = 0;  ///< share of boxes with the right identity, best one-to-one naming (Ristani et al. 2016)
  int64_t idSwitches = 0, missed = 0, falseBoxes = 0;
  int64_t objects = 0;  ///< boxes of the truth
};

/// Gathers truth and tracks of one video, frame by frame; classes apart, overlap of at least one half. Boxes without a
/// track are left out, and so are those that cover (by half) an ignored region and no object.
class TrackScorer {
 public:
  void add(const std::vector<LabelledBox>& truth, const std::vector<ObjectBox>& found);
  /// Throws Error where there was no object.
  TrackScores scores() const;

 private:
  double identified() const;

  TrackScores counts_;
  int64_t tracked_ = 0;                                     // boxes that count
  std::map<int64_t, int64_t> trackOf_;                      // the last track of each object
  std::map<int64_t, std::map<int64_t, int64_t>> together_;  // frames of each object with each track
};

}  // namespace dff
