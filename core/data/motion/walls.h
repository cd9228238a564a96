#pragma once
#include "core/data/motion/scene.h"

namespace dff::motion {

/// Cuts every side class of the plate into runs of columns, each an upright plane that meets the ground where the
/// picture shows it, and adds them to the scene as layers. `roles` is the role of every plate pixel.
void addWalls(Scene& scene, const cv::Mat& roles, cv::RNG& rng);

}  // namespace dff::motion
