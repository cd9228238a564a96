#include "core/data/motion/geometry.h"

#include <cmath>

namespace dff::motion {

cv::Matx33d rotationOf(double pitch, double yaw, double roll) {
  const double cp = std::cos(pitch), sp = std::sin(pitch), cy = std::cos(yaw), sy = std::sin(yaw);
  const double cr = std::cos(roll), sr = std::sin(roll);
  const cv::Matx33d aboutX(1, 0, 0, 0, cp, -sp, 0, sp, cp), aboutY(cy, 0, sy, 0, 1, 0, -sy, 0, cy);
  const cv::Matx33d aboutZ(cr, -sr, 0, sr, cr, 0, 0, 0, 1);
  return aboutZ * aboutX * aboutY;
}

cv::Matx33d homographyOf(const Camera& camera, const Pose& pose, const Plane& plane, const cv::Vec3d& shift) {
  if (pose.identity && shift == cv::Vec3d()) return cv::Matx33d::eye();
  // X = K^-1 p / q with q = plane . p, so K X' q = (K R K^-1 + K R (shift - position) plane^T) p
  const cv::Matx33d k = camera.matrix();
  const cv::Vec3d move = pose.rotation * (shift - pose.position);
  return k * (pose.rotation * k.inv() + cv::Matx31d(move) * cv::Matx13d(plane.val));
}

}  // namespace dff::motion
