#pragma once
#include <array>
#include <cmath>
#include <opencv2/core.hpp>

// World: x right, y up, z forward along the street where its heading is 0; metres, radians, seconds.
namespace dff::street {

using Vec3 = cv::Vec3d;

/// A rigid motion: p -> r p + t.
struct Pose {
  cv::Matx33d r = cv::Matx33d::eye();
  Vec3 t;

  Vec3 apply(const Vec3& p) const { return r * p + t; }
  Vec3 unapply(const Vec3& p) const { return r.t() * (p - t); }
  Pose operator*(const Pose& inner) const { return {r * inner.r, r * inner.t + t}; }
};

/// Turns the z axis towards x: a heading.
inline cv::Matx33d turnY(double a) { return {std::cos(a), 0, std::sin(a), 0, 1, 0, -std::sin(a), 0, std::cos(a)}; }
/// Turns the z axis towards y: nose up, and a limb that hangs down swings forwards.
inline cv::Matx33d turnX(double a) { return {1, 0, 0, 0, std::cos(a), std::sin(a), 0, -std::sin(a), std::cos(a)}; }
/// Turns the x axis towards y: a roll.
inline cv::Matx33d turnZ(double a) { return {std::cos(a), -std::sin(a), 0, std::sin(a), std::cos(a), 0, 0, 0, 1}; }

/// A pinhole camera; pixel (i, j) has its centre at (i + 0.5, j + 0.5).
struct Camera {
  int width = 0, height = 0;
  double focal = 0, centreX = 0, centreY = 0;  ///< pixels
  cv::Matx33d worldFromRay;                    ///< columns: picture right, picture down, viewing direction
  Vec3 position;

  Vec3 toCamera(const Vec3& world) const { return worldFromRay.t() * (world - position); }
  Vec3 ray(double x, double y) const { return {(x - centreX) / focal, (y - centreY) / focal, 1}; }
  /// Position in the picture of a point in camera coordinates with z > 0.
  cv::Point2d project(const Vec3& p) const { return {centreX + focal * p[0] / p[2], centreY + focal * p[1] / p[2]}; }
  /// The same view with `factor` times as many pixels a side.
  Camera finer(int factor) const {
    Camera fine = *this;
    fine.width *= factor, fine.height *= factor;
    fine.focal *= factor, fine.centreX *= factor, fine.centreY *= factor;
    return fine;
  }
};

}  // namespace dff::street
