#pragma once
#include <span>

#include "core/data/motion/scene.h"
#include "core/data/motion/simulated_motion.h"

namespace dff::motion {

/// Cuts up to `options.maxPasted` movers out of the bank and stands them on the scene's ground, at a size that fits
/// their distance, mirrored and recoloured at random; nearer things of the scene hide them.
void pasteMovers(Scene& scene, std::span<const LabelledImage> bank, const MotionOptions& options, cv::RNG& rng);

}  // namespace dff::motion
