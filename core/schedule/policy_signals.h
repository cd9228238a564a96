#pragma once
#include <memory>
#include <opencv2/core/mat.hpp>

#include "core/media/frame.h"
#include "core/schedule/key_plan.h"

namespace dff {

/// A frame as a policy sees it: small, and kept for a whole clip.
struct PlanFrame {
  int64_t index = 0;
  cv::Mat gray;  ///< [H,W] CV_8U, a quarter of the network's input along each side
  ScenePrint print;
  bool cut = false;  ///< the scene was cut before it
  bool codedByItself = false;
  double intraShare = 0;  ///< of its area that the codec coded without motion; 0 where it does not say
};

/// What the model itself says of frames, for a policy that asks it. Costs what running the model costs.
class ModelSureness {
 public:
  virtual ~ModelSureness() = default;
  /// The mean over the picture of p1 - p2, the probabilities of the likeliest two classes, at the key frame, less that
  /// at the frame propagated from it.
  virtual double marginFall(int64_t frame, int64_t key) = 0;
};

/// A frame and the key that it would be propagated from, and what is found out about the two when a policy asks.
/// Flow is Dense Inverse Search on the quarter pictures, in pixels of the network's input.
class PairSignals {
 public:
  PairSignals(const PlanFrame& cur, const PlanFrame& key, double intraSum, ModelSureness* sureness = nullptr)
      : cur_(cur), key_(key), intraSum_(intraSum), sureness_(sureness) {}

  const PlanFrame& cur() const { return cur_; }
  const PlanFrame& key() const { return key_; }
  int64_t distance() const { return cur_.index - key_.index; }
  double intraSum() const { return intraSum_; }  ///< of the frames after the key
  const cv::Mat& keyFromCur();                   ///< [H,W] CV_32FC2
  const cv::Mat& curFromKey();
  ModelSureness& sureness() { return *sureness_; }

 private:
  const PlanFrame& cur_;
  const PlanFrame& key_;
  double intraSum_;
  ModelSureness* sureness_;
  cv::Mat keyFromCur_, curFromKey_;
};

/// Pixels of the network's input that one of a quarter picture covers.
inline constexpr int kQuarter = 4;

// The scores of the policies, 0 (nothing has changed) .. 1, one file each.
double sceneCutScore(PairSignals& pair);
double warpResidualScore(PairSignals& pair);
double forwardBackwardScore(PairSignals& pair);
double motionScore(PairSignals& pair);
double codecScore(PairSignals& pair);
double manualScore(PairSignals& pair);
double marginScore(PairSignals& pair);

}  // namespace dff
