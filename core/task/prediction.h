#pragma once
#include <array>
#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "core/base/stage.h"
#include "core/media/frame.h"

namespace dff {

/// One class of a model: its name and two colours, R, G, B.
struct ClassInfo {
  std::string name;
  std::array<uint8_t, 3> displayColor;  ///< chosen for telling apart when blended over a picture
  std::array<uint8_t, 3> datasetColor;  ///< the data set's own
};

/// What Deep Feature Flow says of one frame. Pictures without a value for this frame are empty.
struct Result {
  FramePtr frame;
  bool isKey = false;
  int64_t keyFrame = 0;  ///< index of the key frame whose feature was used
  cv::Mat labels;        ///< [H,W] CV_8U class index, displayed size of the video
  cv::Mat keyFromCur;    ///< [h,w] CV_32FC2 (dx, dy) in feature cells, current to key; empty on key frames
  cv::Mat heat;          ///< [h,w] CV_32F mean absolute activation of the feature that the head read
  cv::Mat trust;         ///< [h,w] CV_32F 0..1; empty on key frames
  cv::Size2f gridInFrame;  ///< the part of the feature grid that covers the picture, in cells (the rest is padding)
  StageTimes times;
};

}  // namespace dff
