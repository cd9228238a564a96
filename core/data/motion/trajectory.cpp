#include "core/data/motion/trajectory.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace dff::motion {
namespace {

constexpr double kRadians = std::numbers::pi / 180;
constexpr double kMostYaw = 14 * kRadians;  // in all: beyond, little is common to the two pictures

bool happens(double share, cv::RNG& rng) { return rng.uniform(0., 1.) < share; }

/// Constant speed and turn a frame.
struct Drive {
  cv::Vec3d velocity;
  double yaw = 0;
};

Drive drawDrive(const MotionOptions& o, double gap, cv::RNG& rng) {
  Drive drive;
  if (!happens(o.standingShare, rng))
    drive.velocity = {rng.gaussian(0.015), rng.gaussian(0.004), o.maxSpeed * std::pow(rng.uniform(0.05, 1.), 1.5)};
  drive.yaw = happens(o.turningShare, rng) ? o.maxYaw * rng.uniform(-1., 1.) : rng.gaussian(0.08);
  const double most = kMostYaw / std::max(gap, 1.);
  drive.yaw = std::clamp(drive.yaw * kRadians, -most, most);
  return drive;
}

/// The camera at `time`, shaken a little (springs, bumps) except at the still itself.
Moment momentAt(const Drive& drive, double time, cv::RNG& rng) {
  Moment moment;
  moment.time = time;
  if (time == 0) return moment;
  const double shake = std::min(1., 0.4 + 0.2 * std::abs(time)) * kRadians;
  const double pitch = rng.gaussian(0.16) * shake, roll = rng.gaussian(0.1) * shake;
  moment.pose.identity = false;
  moment.pose.rotation = rotationOf(pitch, -drive.yaw * time, roll);
  const double heading = drive.yaw * time / 2;  // the chord of the arc
  moment.pose.position = rotationOf(0, heading, 0) * drive.velocity * time;
  return moment;
}

cv::Vec3d drawVelocity(const ClassRole& role, double cameraSpeed, cv::RNG& rng) {
  const double speed = role.maxSpeed * rng.uniform(0.08, 1.);
  if (!role.onLane || happens(0.12, rng)) {
    const double direction = rng.uniform(-std::numbers::pi, std::numbers::pi);
    const double pace = role.onLane ? speed / 2 : speed;
    return {pace * std::cos(direction), 0, 0.6 * pace * std::sin(direction)};
  }
  const double sideways = rng.gaussian(0.02);
  if (happens(0.4, rng)) return {sideways, 0, std::min(cameraSpeed * rng.uniform(0.7, 1.3), role.maxSpeed)};
  return {sideways, 0, happens(0.5, rng) ? speed : -speed};
}

}  // namespace

Trajectory drawTrajectory(const MotionOptions& o, cv::RNG& rng) {
  Trajectory trajectory;
  const double gap = rng.uniform(o.minGap, std::max(o.minGap, o.maxGap));
  const Drive drive = drawDrive(o, gap, rng);
  const double place = rng.uniform(-0.5, 1.5);  // of the still between the two; at one of them half the time
  const bool reverse = happens(o.reverseShare, rng);
  const double before = gap * std::clamp(place, 0., 1.), after = gap - before;
  if (happens(o.zeroShare, rng)) return trajectory;
  trajectory.speed = drive.velocity[2];
  trajectory.key = momentAt(drive, reverse ? after : -before, rng);
  trajectory.cur = momentAt(drive, reverse ? -before : after, rng);
  return trajectory;
}

void drawVelocities(Scene& scene, const MotionOptions& o, double cameraSpeed, cv::RNG& rng) {
  for (Layer& layer : scene.layers) {
    if (!layer.object || static_cast<size_t>(layer.label) >= o.roles.size()) continue;
    const ClassRole& role = o.roles[static_cast<size_t>(layer.label)];
    if (role.role == Role::mover && happens(o.movingShare, rng)) layer.velocity = drawVelocity(role, cameraSpeed, rng);
  }
}

}  // namespace dff::motion
