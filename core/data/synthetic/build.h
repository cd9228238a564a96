#pragma once
#include "core/data/synthetic/paint.h"

// The parts of a street; each adds its textures, surfaces and meshes to the scene.
namespace dff::street {

Plan makePlan(Rng rng, const StreetOptions& options);
Light makeLight(Rng rng);
Drive makeDrive(Rng rng, const Plan& plan);

void buildGround(Scene& scene, Rng rng);
/// Terraces with gaps, and where the gaps lie: greenery goes there.
struct Gap {
  int sign;  ///< -1 left, +1 right of the street
  double from, to;
};
std::vector<Gap> buildHouses(Scene& scene, Rng rng);
void buildGreenery(Scene& scene, const std::vector<Gap>& gaps, Rng rng);
void buildFurniture(Scene& scene, Rng rng);
/// Adds the actors; call after everything that stands still.
void buildTraffic(Scene& scene, const StreetOptions& options, Rng rng);

/// A car (Actor with its meshes; place, gait and speed are the caller's).
Actor makeCar(Scene& scene, Rng& rng);
Actor makeWalker(Scene& scene, Rng& rng);
Actor makeCyclist(Scene& scene, Rng& rng);

/// A surface of one colour with a fine grain.
int plainSurface(Scene& scene, Label label, Colour colour, float sheen = 0);

}  // namespace dff::street
