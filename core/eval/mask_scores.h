#pragma once
#include <cstdint>
#include <map>
#include <opencv2/core/mat.hpp>
#include <vector>

namespace dff {

/// How well masks follow objects, as DAVIS measures it (Perazzi et al. 2016, section 4): means over the videos of each
/// one's mean over its frames; below 0 where there was no frame.
struct MaskScores {
  double region = -1;   ///< J: intersection over union
  double contour = -1;  ///< F: harmonic mean of the contours' precision and recall
  double recall = -1;   ///< share of frames with J above a half
  double decay = -1;    ///< J of the first quarter of a video's frames less that of the last; may be negative
};

/// J of two masks [H,W] CV_8U, what is not 0 belongs to them; 1 where both are empty.
double regionSimilarity(const cv::Mat& said, const cv::Mat& truth);

/// F of two masks: contours match within 0.008 of the picture's diagonal.
double contourAccuracy(const cv::Mat& said, const cv::Mat& truth);

/// Gathers the frames of videos, each in its order.
class MaskScorer {
 public:
  void add(int64_t video, const cv::Mat& said, const cv::Mat& truth);
  MaskScores scores() const;

 private:
  struct Frame {
    double region, contour;
  };
  std::map<int64_t, std::vector<Frame>> videos_;
};

}  // namespace dff
