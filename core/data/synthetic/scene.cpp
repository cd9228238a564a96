#include "core/data/synthetic/scene.h"

#include <algorithm>

#include "core/data/synthetic/build.h"

namespace dff::street {
namespace {
constexpr double kSight = 190;  // metres of street before the camera's last place

Vec3 sunFrom(double azimuth, double height) {
  return {std::cos(height) * std::sin(azimuth), std::sin(height), std::cos(height) * std::cos(azimuth)};
}

struct Hour {
  double height, sun, sky, lamps;
  cv::Vec3f sunTint, skyTint, zenith, horizon;
};
}  // namespace

int Scene::addTexture(Texture texture) {
  textures.push_back(std::move(texture));
  return static_cast<int>(textures.size()) - 1;
}

int Scene::addSurface(const Surface& surface) {
  surfaces.push_back(surface);
  return static_cast<int>(surfaces.size()) - 1;
}

int Scene::addMesh(Mesh mesh) {
  mesh.finish();
  meshes.push_back(std::move(mesh));
  return static_cast<int>(meshes.size()) - 1;
}

int plainSurface(Scene& scene, Label label, Colour colour, float sheen) {
  constexpr float kMean = 200;  // of the grain's texture, the scene's second
  return scene.addSurface(
      {1, label, false, false,
       cv::Vec3f(static_cast<float>(colour[0]), static_cast<float>(colour[1]), static_cast<float>(colour[2])) / kMean,
       sheen});
}

Plan makePlan(Rng rng, const StreetOptions& options) {
  Plan plan;
  plan.side = rng.chance(0.75) ? -1 : 1;
  plan.lane = rng.uniform(2.9, 3.8);
  for (double& strip : plan.parking) strip = rng.chance(0.5) ? 2.1 : 0;
  plan.pavement = rng.uniform(2.2, 3.8);
  plan.greenery = rng.uniform(0.15, 0.9);
  plan.shops = rng.uniform(0.1, 0.85);
  plan.traffic = rng.uniform(0.3, 1);
  plan.people = rng.uniform(0.35, 1);
  plan.season = rng.below(4);
  plan.speed = rng.uniform(3.5, 9);
  plan.lastS = plan.speed * 1.1 * options.frames / options.fps + kSight;
  return plan;
}

Light makeLight(Rng rng) {
  const std::vector<Hour> hours = {
      {1.0, 0.62, 0.62, 0.0, {1, 0.98, 0.92}, {0.93, 0.98, 1.05}, {66, 126, 208}, {208, 224, 238}},  // noon
      {0.72, 0.68, 0.56, 0.1, {1, 0.93, 0.8}, {0.93, 0.98, 1.06}, {76, 132, 204}, {224, 228, 230}},  // afternoon
      {0.42, 0.8, 0.5, 0.35, {1, 0.8, 0.55}, {0.95, 0.96, 1.05}, {92, 130, 188}, {248, 220, 184}},   // low sun
      {0.9, 0.12, 0.98, 0.2, {1, 1, 1}, {0.98, 1, 1.02}, {172, 182, 194}, {220, 224, 228}},          // overcast
      {0.25, 0.2, 0.5, 1.0, {1, 0.72, 0.55}, {0.88, 0.94, 1.12}, {60, 82, 130}, {204, 164, 154}}};   // dusk
  constexpr int kLot[] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 4};
  const int which = kLot[rng.below(std::size(kLot))];
  const Hour& hour = hours[static_cast<size_t>(which)];
  const double gain = rng.uniform(0.9, 1.08);
  Light light;
  // mostly along the street, so that the sun reaches it between the houses
  const double azimuth =
      rng.chance(0.25) ? rng.uniform(0, 2 * CV_PI) : (rng.chance(0.6) ? CV_PI : 0) + rng.uniform(-0.75, 0.75);
  light.sun = sunFrom(azimuth, hour.height * rng.uniform(0.85, 1.15));
  light.sunColour = hour.sunTint * (hour.sun * gain);
  light.skyColour = hour.skyTint * (hour.sky * gain);
  light.zenith = hour.zenith, light.horizon = hour.horizon;
  light.clouds = static_cast<float>(which == 3 ? rng.uniform(0.75, 1) : rng.uniform(0.1, 0.6));
  light.hazePerMetre = static_cast<float>(rng.uniform(0.002, 0.0055));
  light.lamps = static_cast<float>(hour.lamps);
  light.noise = static_cast<float>(rng.uniform(1, 2.5));
  return light;
}

Drive makeDrive(Rng rng, const Plan& plan) {
  Drive drive;
  drive.speed = plan.speed;
  drive.surge = rng.uniform(0.05, 0.3), drive.surgeRate = rng.uniform(0.25, 0.7);
  drive.surgePhase = rng.uniform(0, 2 * CV_PI);
  drive.right = plan.side * plan.lane * rng.uniform(0.38, 0.46);
  drive.height = rng.uniform(1.3, 1.65);
  drive.focal = rng.uniform(0.78, 0.98);
  for (double& phase : drive.phase) phase = rng.uniform(0, 2 * CV_PI);
  return drive;
}

Scene buildScene(const StreetOptions& options) {
  const Rng rng(options.seed * 0x2545F4914F6CDD1Dull + 1);
  Plan plan = makePlan(rng.fork(1), options);
  Rng bend = rng.fork(2);
  const double swing = bend.uniform(0.02, 0.3);
  Scene scene{plan,
              makeLight(rng.fork(3)),
              makeDrive(rng.fork(4), plan),
              Path(bend, plan.firstS - 40, plan.lastS + 60, swing),
              {},
              {},
              {},
              0,
              {},
              {}};
  Rng paint = rng.fork(5);
  scene.addTexture(paintClouds(paint, scene.light.clouds));
  scene.addTexture(paintNoise(paint, 0.06));
  buildGround(scene, rng.fork(6));
  const std::vector<Gap> gaps = buildHouses(scene, rng.fork(7));
  buildGreenery(scene, gaps, rng.fork(8));
  buildFurniture(scene, rng.fork(9));
  scene.statics = scene.meshes.size();
  buildTraffic(scene, options, rng.fork(10));
  return scene;
}

}  // namespace dff::street
