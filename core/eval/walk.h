#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/job.h"
#include "core/eval/frame_scores.h"
#include "core/eval/motion_scores.h"
#include "core/run/engine.h"

namespace dff {

/// What is counted at one distance from the key frame.
struct AtDistance {
  explicit AtDistance(const ModelSpec& spec) : scores(spec) {}
  void add(const FrameTruth& truth, const Result& result, const cv::Mat& perFrameLabels);

  FrameScores scores;
  Share agreement;    ///< with per-frame inference
  Share consistency;  ///< with the frame before; at the key frame itself see Walk::keyConsistency()
  Mean endPointError;
  double ms = 0, detectMs = 0;  ///< sums over the frames: prepare to post, detection
  int64_t frames = 0;
};

/// One walk over a data set with one engine: every scored frame is seen from the key d frames before it, for all
/// distances below `largest`. Where the engine reads the next key too, that is `largest` frames after the first.
class Walk {
 public:
  Walk(Engine& engine, const Dataset& data, int largest);

  /// Scores the frames that have at least `before` frames of their video before them.
  void run(int64_t before, const JobContext& job, const std::string& what);

  const std::vector<AtDistance>& distances() const { return atDistance_; }
  const AtDistance& perFrame() const { return perFrame_; }  ///< the feature network alone
  /// Agreement of a key frame with the last frame before it, in a run of this interval.
  const Share& keyConsistency(int interval) const { return keyConsistency_.at(size_t(interval) - 1); }

 private:
  /// A frame that has been through the feature network, and what that network alone says of it.
  struct Known {
    KeyPtr key;
    Result result;
  };
  /// What was said of one frame: per-frame inference, and at each distance.
  struct Said {
    int64_t at = -1;
    cv::Mat perFrame;
    std::vector<cv::Mat> labels;
  };

  int64_t interval() const { return int64_t(atDistance_.size()); }
  const Known& known(int64_t at);
  const Known& blended(const FramePlace& place, int64_t before, int64_t at);
  std::pair<const Known*, const Known*> keysAround(const FramePlace& place, int64_t d);
  void score(int64_t index, const FramePlace& place);
  void compareWithBefore(const Said& now, const FramePtr& frame);

  Engine& engine_;
  const Dataset& data_;
  std::vector<AtDistance> atDistance_;
  AtDistance perFrame_;
  std::vector<Share> keyConsistency_;
  bool twoKeys_;
  Said before_;
  NeutralMotion neutral_;
  std::map<int64_t, Known> known_;                        // by place
  std::map<std::pair<int64_t, int64_t>, Known> blended_;  // by place and that of the key before it
};

}  // namespace dff
