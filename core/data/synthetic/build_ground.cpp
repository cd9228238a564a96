#include <algorithm>

#include "core/data/synthetic/build.h"

namespace dff::street {
namespace {
constexpr double kPiece = 4, kYard = 45, kKerbStone = 0.16;

/// A strip between two lateral places from s0 to s1, seen from above.
struct Strip {
  double left, right, up;
  double metresPerTurn;  ///< of the texture in both directions
};

void addStrip(Mesh& mesh, const Scene& scene, int surface, const Strip& strip, double s0, double s1) {
  const Quad quad = {scene.path.at(s0, strip.left, strip.up), scene.path.at(s0, strip.right, strip.up),
                     scene.path.at(s1, strip.right, strip.up), scene.path.at(s1, strip.left, strip.up)};
  const double turn = strip.metresPerTurn;
  addQuad(mesh, surface, quad, {strip.left / turn, s0 / turn, strip.right / turn, s1 / turn});
}

struct GroundSurfaces {
  int road, zebra, paving, kerb, yard;
};

void addRoad(Mesh& mesh, const Scene& scene, const GroundSurfaces& surfaces, double s, bool zebra) {
  const double left = scene.plan.kerb(-1), right = scene.plan.kerb(1);
  const Quad quad = {scene.path.at(s, left), scene.path.at(s, right), scene.path.at(s + kPiece, right),
                     scene.path.at(s + kPiece, left)};
  // the texture's rows run along the street
  const double v0 = zebra ? 0 : s / kRoadTurn, v1 = zebra ? 1 : (s + kPiece) / kRoadTurn;
  addQuad(mesh, zebra ? surfaces.zebra : surfaces.road, quad, {0, v0, 1, v1});
}

void addSide(Mesh& mesh, const Scene& scene, const GroundSurfaces& surfaces, int sign, double s) {
  const double kerb = scene.plan.kerb(sign), stone = kerb + sign * kKerbStone, house = scene.plan.houseLine(sign);
  const auto strip = [&](double a, double b, int surface, double turn) {
    addStrip(mesh, scene, surface, {std::min(a, b), std::max(a, b), kKerbHeight, turn}, s, s + kPiece);
  };
  strip(kerb, stone, surfaces.kerb, 1);
  strip(stone, house + sign * 3, surfaces.paving, 7.2);
  strip(house + sign * 3, house + sign * kYard, surfaces.yard, 5);
  const double near = sign > 0 ? s + kPiece : s, far = sign > 0 ? s : s + kPiece;
  const Quad face = {scene.path.at(near, kerb, -0.02), scene.path.at(far, kerb, -0.02),
                     scene.path.at(far, kerb, kKerbHeight), scene.path.at(near, kerb, kKerbHeight)};
  addQuad(mesh, surfaces.kerb, face, {near, 0.9, far, 0.8}, {0.55, 0.85});
}
}  // namespace

void buildGround(Scene& scene, Rng rng) {
  const auto ground = [&](Texture texture, Label label) {
    return scene.addSurface({scene.addTexture(std::move(texture)), label, false, true, {1, 1, 1}, 0});
  };
  GroundSurfaces surfaces{ground(paintRoad(rng, scene.plan), Road), ground(paintZebra(rng, scene.plan), Road),
                          ground(paintPaving(rng), Pavement), 0, ground(paintGrass(rng, scene.plan), Tree)};
  surfaces.kerb = scene.addSurface({1, Pavement, false, true, {0.78f, 0.77f, 0.74f}, 0});
  const int pieces = static_cast<int>((scene.plan.lastS - scene.plan.firstS) / kPiece);
  const int zebra = rng.chance(0.6) ? 9 + rng.below(12) : -1;
  for (int i = 0; i < pieces; ++i) {
    const double s = scene.plan.firstS + i * kPiece;
    Mesh mesh;
    addRoad(mesh, scene, surfaces, s, i == zebra);
    addSide(mesh, scene, surfaces, -1, s);
    addSide(mesh, scene, surfaces, 1, s);
    scene.addMesh(std::move(mesh));
  }
}

}  // namespace dff::street
