#pragma once
#include <opencv2/core/mat.hpp>

#include "core/data/synthetic/scene.h"

namespace dff::street {

/// Light on the ground seen from above, a grid fixed to the world so that shadows do not swim.
struct GroundLight {
  cv::Mat light;          ///< CV_8UC2: sun that reaches the place, share of the sky it sees; 255 = all
  double x0 = 0, z0 = 0;  ///< world position of the grid's corner, metres
  double perMetre = 8;

  /// (sun, sky), each 0 .. 1, interpolated; all light outside the grid.
  cv::Vec2f at(double x, double z) const;
};

/// What stands still throws its shadow once, what moves in every frame.
struct ShadowMap {
  const GroundLight* still = nullptr;
  GroundLight moving;

  /// Sun on something that stands here, its own shadow left out; 0 .. 1.
  double sun(const Vec3& place) const { return still->at(place[0], place[2])[0]; }
  cv::Vec2f at(double x, double z) const { return still->at(x, z).mul(moving.at(x, z)); }
};

/// The shadows of everything that stands still.
GroundLight shadowsOfStill(const Scene& scene);

/// The shadows of the actors before the camera.
GroundLight shadowsOfMoving(const Scene& scene, const std::vector<Instance>& instances, const Camera& camera);

}  // namespace dff::street
