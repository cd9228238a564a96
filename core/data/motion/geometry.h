#pragma once
#include <opencv2/core.hpp>

namespace dff::motion {

/// A pinhole camera above level ground: x right, y down, z ahead; metres and pixels.
struct Camera {
  double focal = 500;   ///< pixels
  cv::Point2d centre;   ///< where the street vanishes, pixels; centre.y is the horizon
  double height = 1.4;  ///< above the ground, metres
  cv::Matx33d matrix() const { return {focal, 0, centre.x, 0, focal, centre.y, 0, 0, 1}; }
  /// Inverse depth (1/m) of the ground in pixel row `y`; not above the horizon.
  double groundInverseDepth(double y) const { return (y - centre.y) / (focal * height); }
};

/// A camera that stands at `position` (metres, in the still's axes), turned by `rotation`: X' = rotation (X -
/// position).
struct Pose {
  cv::Matx33d rotation = cv::Matx33d::eye();
  cv::Vec3d position;
  bool identity = true;
};

/// Rotation by pitch (about x), yaw (about y) and roll (about z), radians.
cv::Matx33d rotationOf(double pitch, double yaw, double roll);

/// A flat surface of the still: inverse depth (1/m) is linear in the pixel, plane . (x, y, 1).
using Plane = cv::Vec3d;

/// Where the still's pixels of `plane` are seen from `pose` after the surface moved by `shift` metres (homogeneous).
cv::Matx33d homographyOf(const Camera& camera, const Pose& pose, const Plane& plane, const cv::Vec3d& shift);

/// `h` applied to a point; third number is the homogeneous divisor (positive in front of the camera).
inline cv::Vec3d project(const cv::Matx33d& h, double x, double y) {
  const cv::Vec3d v = h * cv::Vec3d(x, y, 1);
  return {v[0] / v[2], v[1] / v[2], v[2]};
}

/// `x` brought into 0 .. size-1 by reflection at the borders, as often as needed.
inline int mirrored(int x, int size) {
  if (static_cast<unsigned>(x) < static_cast<unsigned>(size)) return x;
  const int period = 2 * size;
  const int m = ((x % period) + period) % period;
  return m < size ? m : period - 1 - m;
}

}  // namespace dff::motion
