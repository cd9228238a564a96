#pragma once
#include <ATen/core/Tensor.h>

#include <opencv2/core/types.hpp>
#include <string>

#include "core/media/frame.h"
#include "core/model/spec.h"

namespace dff {

/// A picture as the networks see it.
struct NetInput {
  FramePtr frame;
  at::Tensor pixels;  ///< [1,3,H,W] float, normalised; the picture lies at the top left, the rest is padding
  cv::Size picture;   ///< size of the picture within it, pixels
  cv::Size2f grid;    ///< the same in feature cells
  cv::Size2d scale;   ///< pixels of it that a pixel of the video makes, along each side
};

/// What both sides of a video are multiplied by: to the spec's short side, or its longest side where that is less (with
/// "factor" where the long side, rounded half to even, would be more: reference section 1).
double networkScale(cv::Size video, const InputSpec& input);

/// The size that a video of this size has in the network: aspect kept, rounded (with "factor" half to even, as OpenCV
/// rounds).
cv::Size networkSize(cv::Size video, const InputSpec& input);

/// "WIDTHxHEIGHT" as a network's size; throws UsageError where it is not, or a side is not from 16 to 8192.
cv::Size parseNetworkSize(const std::string& text);

/// Resizes to `size`, normalises and pads. With "factor" and the network's own size the sampling step is exactly one
/// over the factor.
NetInput netInput(const FramePtr& frame, cv::Size size, const ModelSpec& spec);

}  // namespace dff
