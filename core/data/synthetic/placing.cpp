#include <algorithm>

#include "core/data/synthetic/scene.h"

// Where everything is at a time: closed formulas, so that any frame can be asked for by itself.
namespace dff::street {
namespace {
constexpr double kTurn = 2 * CV_PI;

double placeAlong(const Actor& actor, const Scene& scene, double time) {
  switch (actor.gait) {
    case Gait::Parked:
      return actor.s;
    case Gait::Follow:
      return scene.drive.along(time) + actor.s + 2.2 * std::sin(0.35 * time + actor.phase);
    default:
      return actor.s + actor.speed * time;
  }
}

double sideways(const Actor& actor, double s) {
  const double sway = actor.gait == Gait::Parked ? 0 : actor.gait == Gait::Ride ? 0.12 : 0.06;
  return actor.right + sway * std::sin(0.22 * s + actor.phase);
}

/// A point of the body, and a turn around its x axis there.
Pose joint(const Pose& body, const Vec3& pivot, double swing) { return body * Pose{turnX(swing), pivot}; }

using Poses = std::vector<Pose>;

void placeWheels(const Actor& actor, const Pose& body, double travelled, Poses& out) {
  out.push_back(body);
  for (const Vec3& pivot : actor.pivots) out.push_back(joint(body, pivot, -travelled / actor.size));
}

// Pivots: hips (left, right), shoulders (left, right); the knee lies `size` below the hip.
void placeWalker(const Actor& actor, const Pose& still, double travelled, Poses& out) {
  const double step = actor.phase + travelled * kTurn / (1.75 * 2 * actor.size),
               stride = actor.gait == Gait::Walk ? 1 : 0.12;
  Pose body = still;
  body.t[1] += 0.025 * stride * (std::cos(2 * step) - 1);
  out.push_back(body);
  for (int side = 0; side < 2; ++side) {
    const double phase = step + side * CV_PI, thigh = stride * 0.45 * std::sin(phase);
    const double knee = -stride * (0.2 + 0.75 * std::max(0.0, std::sin(phase + 1.9)));
    const Pose upper = joint(body, actor.pivots[side], thigh);
    out.push_back(upper);
    out.push_back(joint(upper, {0, -actor.size, 0}, knee));
    out.push_back(joint(body, actor.pivots[2 + side], -stride * 0.4 * std::sin(phase)));
  }
}

// Pivots: hips (left, right), pedal axle, wheels (rear, front). Two-link legs whose feet stay on the pedals.
void placeRider(const Actor& actor, const Pose& body, double travelled, Poses& out) {
  constexpr double kCrank = 0.17, kGear = 2.4, kWheel = 0.34;
  out.push_back(body);
  for (int side = 0; side < 2; ++side) {
    const double crank = actor.phase + travelled / (kWheel * kGear) + side * CV_PI;
    const Vec3 hip = actor.pivots[side], axle = actor.pivots[2];
    const double down = hip[1] - axle[1] - kCrank * std::cos(crank),
                 ahead = axle[2] - hip[2] + kCrank * std::sin(crank);
    const double reach = std::min(std::hypot(down, ahead), 1.98 * actor.size);
    const double lean = std::atan2(ahead, down), bend = std::acos(reach / (2 * actor.size));
    const Pose thigh = joint(body, hip, lean + bend);
    out.push_back(thigh);
    out.push_back(joint(thigh, {0, -actor.size, 0}, -2 * bend));
  }
  for (size_t i = 3; i < actor.pivots.size(); ++i) out.push_back(joint(body, actor.pivots[i], -travelled / kWheel));
}

Poses placeActor(const Actor& actor, const Scene& scene, double time) {
  const double s = placeAlong(actor, scene, time);
  const double travelled = std::abs(s - actor.s), turn = actor.speed < 0 ? CV_PI : 0;
  const bool onPavement = actor.boxClass == 1;
  const Pose body = scene.path.pose(s, sideways(actor, s), onPavement ? kKerbHeight : 0, turn);
  Poses poses;
  if (actor.boxClass == 0) placeWheels(actor, body, travelled, poses);
  if (actor.boxClass == 1) placeWalker(actor, body, travelled, poses);
  if (actor.boxClass == 2) placeRider(actor, body, travelled, poses);
  return poses;
}
}  // namespace

double Drive::along(double time) const {
  return speed * (time - surge / surgeRate * (std::cos(surgeRate * time + surgePhase) - std::cos(surgePhase)));
}

std::vector<Instance> placeInstances(const Scene& scene, double time) {
  std::vector<Instance> instances;
  for (size_t i = 0; i < scene.statics; ++i) instances.push_back({static_cast<int>(i), -1, {}});
  for (size_t a = 0; a < scene.actors.size(); ++a) {
    const Actor& actor = scene.actors[a];
    const Poses poses = placeActor(actor, scene, time);
    for (size_t i = 0; i < poses.size(); ++i) instances.push_back({actor.meshes[i], static_cast<int>(a), poses[i]});
  }
  return instances;
}

Camera placeCamera(const Scene& scene, const StreetOptions& options, double time) {
  const Drive& d = scene.drive;
  const double s = d.along(time);
  const double yaw = scene.path.heading(s + 5) + 0.03 * std::sin(0.5 * time + d.phase[0]);
  const double pitch = -0.015 + 0.006 * std::sin(2.1 * time + d.phase[1]) + 0.003 * std::sin(7.3 * time + d.phase[2]);
  const double roll = 0.006 * std::sin(1.3 * time + d.phase[3]);
  Camera camera;
  camera.width = options.width, camera.height = options.height;
  camera.focal = d.focal * options.width;
  camera.centreX = options.width / 2.0, camera.centreY = options.height / 2.0;
  camera.position = scene.path.at(s, d.right + 0.15 * std::sin(0.4 * time + d.phase[3]), d.height);
  const cv::Matx33d flip(1, 0, 0, 0, -1, 0, 0, 0, 1);  // picture rows grow downwards
  camera.worldFromRay = turnY(yaw) * turnX(pitch) * turnZ(roll) * flip;
  return camera;
}

}  // namespace dff::street
