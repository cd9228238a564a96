#pragma once
#include "core/data/motion/simulated_motion.h"

namespace dff::motion {

/// A pair whose motion is a random affine one with smooth waves: no street, so that nothing but the pictures tells it.
MotionPair smoothMotion(const LabelledImage& still, cv::RNG& rng);

}  // namespace dff::motion
