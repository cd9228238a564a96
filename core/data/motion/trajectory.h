#pragma once
#include "core/data/motion/scene.h"
#include "core/data/motion/simulated_motion.h"

namespace dff::motion {

/// When a view is taken, frames at 15 Hz from the still, and where the camera is then.
struct Moment {
  double time = 0;
  Pose pose;
};

struct Trajectory {
  Moment key, cur;
  double speed = 0;  ///< of the camera, metres a frame
};

/// A drive past the still: two moments with the options' gap between them, the still at one of them or between.
Trajectory drawTrajectory(const MotionOptions& options, cv::RNG& rng);

/// Gives movers of the scene a velocity of their own on the ground, some of them the speed of the camera.
void drawVelocities(Scene& scene, const MotionOptions& options, double cameraSpeed, cv::RNG& rng);

}  // namespace dff::motion
