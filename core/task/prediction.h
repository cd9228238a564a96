#pragma once
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "core/base/class_info.h"
#include "core/base/stage.h"
#include "core/media/frame.h"

namespace dff {

/// An object that was found.
struct ObjectBox {
  cv::Rect2f box;        ///< pixels of the video, 0-based, right side = left + width
  int classIndex = 0;    ///< in the model's detection classes
  float score = 0;       ///< probability of the class, 0..1
  int64_t trackId = -1;  ///< from 1, the same for one object in all frames; -1: not tracked
};

/// What Deep Feature Flow says of one frame. Pictures without a value for this frame are empty.
struct Result {
  FramePtr frame;
  bool isKey = false;
  int64_t keyFrame = 0;          ///< index of the key frame whose feature was used
  int64_t nextKey = -1;          ///< of the key frame after it, where propagation read that too; -1: it did not
  cv::Mat labels;                ///< [H,W] CV_8U class index, displayed size of the video
  std::vector<ObjectBox> boxes;  ///< best first
  cv::Mat keyFromCur;            ///< [h,w] CV_32FC2 (dx, dy) in feature cells, current to key; empty on key frames
  cv::Mat heat;    ///< [h,w] CV_32F mean absolute activation of the feature that the head read, or a channel
  cv::Mat trust;   ///< [h,w] CV_32F 0..1; empty on key frames
  cv::Mat margin;  ///< [h,w] CV_32F probability of the likeliest class less that of the second, 0..1
  std::vector<float> classMargin;  ///< of each class: mean margin over the cells where it is likeliest; below 0: none
  cv::Mat shareOfNext;     ///< [h,w] CV_32F 0..1 how much of each cell came from the next key; empty: from one key
  cv::Mat feature;         ///< [C,h,w] CV_32F the feature that the heads read
  cv::Size2f gridInFrame;  ///< the part of the feature grid that covers the picture, in cells (the rest is padding)
  StageTimes times;
};

}  // namespace dff
