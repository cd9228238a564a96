#pragma once
#include <opencv2/core/mat.hpp>

#include "core/media/frame.h"
#include "core/schedule/key_schedule.h"

namespace dff {

/// Whether the feature network runs on a frame, and why.
struct KeyDecision {
  bool isKey = false;
  bool sceneCut = false;
};

/// What a scene is told by: a picture's colours, wherever they are, and a very small picture of it.
struct ScenePrint {
  cv::Mat histogram;  ///< of colours, sums to 1
  cv::Mat small;      ///< [22,30] CV_32F grey levels
  bool empty() const { return histogram.empty(); }
};

ScenePrint scenePrint(const cv::Mat& rgb);

/// Whether the scene was cut between two pictures that follow each other: half of the colours are others, or not so
/// many but the places of light and dark too, as from one street to another.
bool isSceneCut(const ScenePrint& before, const ScenePrint& after);

/// Distance of two pictures' colour histograms, 0 (alike) .. 1 (nothing in common).
double histogramDistance(const cv::Mat& a, const cv::Mat& b);

struct KeyPlanOptions {
  int interval = 10;            ///< frames from key to key, counted from the in-point
  int64_t inPoint = 0;          ///< frame number
  bool sceneCuts = true;        ///< a frame after a scene cut is a key too
  std::set<int64_t> pins = {};  ///< frames that are keys whatever the interval says
};

/// A KeySchedule whose cuts are found on the way: decides, in the order of the frames from the in-point on, which ones
/// are key frames. That depends on a frame and its neighbours only, so that a seek gives what playing gives.
class KeyPlan {
 public:
  /// Throws UsageError when the interval is below 1.
  explicit KeyPlan(KeyPlanOptions options);
  KeyDecision decide(const Frame& frame);
  /// The same for propagation that reads ahead: the last frame before the end (`next` is null) or a scene cut is a key
  /// too, so that every other frame lies between two keys of its scene.
  KeyDecision decide(const Frame& frame, const Frame* next);

  int interval() const { return schedule_.interval; }
  /// Where a run has to start so that frame `index` comes out as it does when played from the in-point; keys serve so
  /// many frames `late`.
  int64_t startFor(int64_t index, bool readsAhead, int late = 0) const;

 private:
  struct Seen {
    int64_t index = -1;
    ScenePrint print;
    bool cut = false;  // against the frame before
  };
  Seen see(const Frame& frame) const;

  KeySchedule schedule_;
  bool sceneCuts_;
  Seen last_, ahead_;
};

}  // namespace dff
