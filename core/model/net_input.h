#pragma once
#include <ATen/core/Tensor.h>

#include <opencv2/core/types.hpp>

#include "core/media/frame.h"
#include "core/model/spec.h"

namespace dff {

/// A picture as the networks see it.
struct NetInput {
  FramePtr frame;
  at::Tensor pixels;  ///< [1,3,H,W] float, normalised; the picture lies at the top left, the rest is padding
  cv::Size picture;   ///< size of the picture within it, pixels
  cv::Size2f grid;    ///< the same in feature cells
};

/// The size that a video of this size has in the network: the spec's short and long side, aspect kept.
cv::Size networkSize(cv::Size video, const InputSpec& input);

/// Resizes to `size`, normalises and pads.
NetInput netInput(const FramePtr& frame, cv::Size size, const ModelSpec& spec);

}  // namespace dff
