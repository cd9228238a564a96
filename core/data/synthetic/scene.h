#pragma once
#include <vector>

#include "core/data/synthetic/mesh.h"
#include "core/data/synthetic/path.h"
#include "core/data/synthetic/street.h"
#include "core/data/synthetic/texture.h"

namespace dff::street {

/// CamVid class indices.
enum Label : uchar { Sky, Building, Pole, Road, Pavement, Tree, Sign, Fence, Car, Pedestrian, Bicyclist, Void };

/// The hour and the weather. Colours are factors on a texture's colour, or 0 .. 255 where they are seen directly.
struct Light {
  Vec3 sun{0, 1, 0};  ///< unit vector towards the sun
  cv::Vec3f sunColour, skyColour;
  cv::Vec3f zenith, horizon;  ///< 0 .. 255
  float clouds = 0.5f;        ///< share of the sky they cover
  float hazePerMetre = 0.004f;
  float lamps = 0;     ///< how bright lit windows and head lamps are, 0 .. 1
  float noise = 2.5f;  ///< standard deviation of the sensor's noise, 0 .. 255
};

/// What every part of the street is laid out by. Lengths in metres, `side` +1: traffic keeps to the right, -1: left.
struct Plan {
  double side = -1;
  double lane = 3.2;       ///< width of one lane
  double parking[2] = {};  ///< width of the parking strip on the left and on the right, 0: none
  double pavement = 2.6;
  double greenery = 0.4, shops = 0.5, traffic = 0.5, people = 0.5;  ///< how much, 0 .. 1
  int season = 0;                  ///< 0 summer, 1 spring, 2 autumn, 3 winter (bare trees)
  double speed = 7;                ///< of the camera, mean, m/s
  double firstS = -14, lastS = 0;  ///< what is built along the street

  /// Lateral place of the kerb on the left (-1) or right (+1), signed.
  double kerb(int sign) const { return sign * (lane + parking[sign > 0]); }
  double houseLine(int sign) const { return kerb(sign) + sign * pavement; }
};

constexpr double kKerbHeight = 0.12;

/// The camera's car along the street.
struct Drive {
  double speed = 7, surge = 0.2, surgeRate = 0.5, surgePhase = 0;  ///< speed swings by the share `surge`
  double right = 0, height = 1.45, focal = 0.85;                   ///< lateral place; focal length in picture widths
  double phase[4] = {};                                            ///< of sway, yaw, bob and roll
  double along(double time) const;
};

enum class Gait { Parked, Cruise, Follow, Walk, Ride };

/// Something that has a box and moves as a whole (and in parts).
struct Actor {
  Gait gait = Gait::Parked;
  int boxClass = 0;          ///< 0 vehicle, 1 pedestrian, 2 cyclist
  double s = 0, right = 0;   ///< place at time 0 (Follow: metres ahead of the camera)
  double speed = 0;          ///< along the street, against it when negative, m/s
  double phase = 0;          ///< of steps, pedals, ...
  double size = 1;           ///< wheel radius or leg length
  std::vector<int> meshes;   ///< the body first, then its moving parts (see motion.cpp)
  std::vector<Vec3> pivots;  ///< where each moving part hangs on the body
};

/// Points whose convex hull throws a shadow.
struct Caster {
  std::vector<Vec3> points;
  double density = 1;
};

/// A whole street. Meshes below `statics` stand still and are in world coordinates.
struct Scene {
  Plan plan;
  Light light;
  Drive drive;
  Path path;
  std::vector<Texture> textures;
  std::vector<Surface> surfaces;
  std::vector<Mesh> meshes;
  size_t statics = 0;
  std::vector<Actor> actors;
  std::vector<Caster> casters;

  int addTexture(Texture texture);
  int addSurface(const Surface& surface);
  /// Finishes the mesh and keeps it.
  int addMesh(Mesh mesh);
};

/// One mesh at one time.
struct Instance {
  int mesh = 0, actor = -1;
  Pose pose;  ///< world from the mesh's coordinates
};

/// The street of these options: everything that does not depend on the frame.
Scene buildScene(const StreetOptions& options);

/// Every mesh where it stands at `time`, always in the same order.
std::vector<Instance> placeInstances(const Scene& scene, double time);

/// The view at `time`, with the options' size.
Camera placeCamera(const Scene& scene, const StreetOptions& options, double time);

}  // namespace dff::street
