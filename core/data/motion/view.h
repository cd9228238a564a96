#pragma once
#include <vector>

#include "core/data/motion/trajectory.h"

namespace dff::motion {

/// What a camera sees of a scene at a moment, and which surface of the scene each pixel is.
struct View {
  cv::Mat picture, labels;  ///< CV_8UC3, CV_8U
  cv::Mat ids;              ///< CV_8U, the surface seen
  cv::Mat invented;         ///< CV_8U, 255 where no surface was known and the farther neighbour was stretched
  cv::Mat samples;          ///< CV_32FC2, where in the still the colour comes from, pixels
  std::vector<cv::Matx33d> fromStill;  ///< by layer, from the still's pixels to the view's
};

View render(const Scene& scene, const Moment& moment);

}  // namespace dff::motion
