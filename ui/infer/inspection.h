#pragma once
#include <cstdint>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "core/media/frame.h"
#include "core/schedule/key_schedule.h"

namespace dff::ui {

/// The paper's Figure 1 for one frame: the key's picture, the current one, flow, and the feature map both recomputed on
/// the current frame and propagated from the key (or from the keys before and after).
struct Inspection {
  FramePtr key, current;
  KeysAround keys;            ///< what the propagated feature came from
  bool provisional = false;   ///< from the key before alone, until the others are there
  cv::Mat keyFromCur;         ///< [h,w] CV_32FC2, feature cells; empty on a key frame and for sources without motion
  cv::Mat recomputed;         ///< [C,h,w] CV_32F
  cv::Mat propagated;         ///< [C,h,w] CV_32F
  cv::Mat shareOfNext;        ///< [h,w] CV_32F how much of each cell came from the key after; empty: nothing
  cv::Size2f gridInFrame;     ///< cells that cover the picture
  std::vector<float> energy;  ///< of each channel: root mean square of the recomputed map
  std::vector<float> error;   ///< of each channel: root mean square of the difference
  double cosine = 1;          ///< of the two maps as vectors
  double relativeError = 0;   ///< |propagated - recomputed| / |recomputed|

  int channels() const { return recomputed.size[0]; }
  /// One channel of a map, [h,w] CV_32F, sharing its memory.
  static cv::Mat channel(const cv::Mat& map, int index);
};
using InspectionPtr = std::shared_ptr<const Inspection>;

/// Fills energy, error, cosine and relativeError from the two maps, over the cells that cover the picture.
void compareFeatures(Inspection& inspection);

/// Channel numbers, the largest value first.
std::vector<int> channelOrder(const std::vector<float>& values);

}  // namespace dff::ui
