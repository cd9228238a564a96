#include "core/data/synthetic/build.h"

namespace dff::street {
namespace {
const std::vector<Colour> kClothes = {{40, 44, 58},    {28, 28, 32}, {120, 34, 38},  {58, 84, 120},
                                      {196, 188, 172}, {84, 92, 66}, {170, 132, 84}, {214, 212, 206},
                                      {196, 112, 50},  {96, 56, 96}, {220, 190, 60}, {60, 120, 110}};
const std::vector<Colour> kTrousers = {{36, 40, 54}, {54, 70, 104}, {30, 30, 32},
                                       {92, 84, 72}, {70, 72, 76},  {140, 126, 102}};
const std::vector<Colour> kSkins = {{226, 180, 150}, {198, 146, 112}, {140, 96, 70}, {92, 62, 46}, {236, 196, 170}};
const std::vector<Colour> kHairs = {{40, 30, 24},    {84, 58, 36}, {150, 116, 70},
                                    {110, 106, 102}, {26, 24, 24}, {130, 66, 40}};

/// The surfaces of one person.
struct Wardrobe {
  int top, bottom, skin, hair, shoes, extra;
};

Wardrobe dress(Scene& scene, Rng& rng, Label label) {
  const auto cloth = [&](const std::vector<Colour>& colours) {
    return plainSurface(scene, label, jitter(rng, pick(rng, colours), 0.1));
  };
  return {cloth(kClothes),
          cloth(kTrousers),
          cloth(kSkins),
          cloth(kHairs),
          plainSurface(scene, label, jitter(rng, {50, 44, 42}, 0.4)),
          cloth(kClothes)};
}

void addHead(Mesh& mesh, const Wardrobe& w, const Vec3& neck, bool helmet, bool longHair) {
  addTube(mesh, w.skin, {neck - Vec3(0, 0.04, 0), neck + Vec3(0, 0.1, 0.01), 0.055, 0.05, 8, 0.8});
  const Vec3 head = neck + Vec3(0, 0.19, 0.02);
  addBall(mesh, w.skin, head, {0.078, 0.115, 0.095});
  addBall(mesh, helmet ? w.extra : w.hair, head + Vec3(0, helmet ? 0.06 : 0.035, -0.025),
          {helmet ? 0.1 : 0.088, helmet ? 0.085 : 0.1, helmet ? 0.125 : 0.095});
  if (longHair && !helmet) addBall(mesh, w.hair, head + Vec3(0, -0.08, -0.07), {0.08, 0.15, 0.05});
}

Mesh limb(int surface, double length, double thick, double thin) {
  Mesh mesh;
  addTube(mesh, surface, {Vec3(0, 0, 0), Vec3(0, -length, 0), thick, thin, 8, 0.92});
  addBall(mesh, surface, {0, 0, 0}, {thick, thick, thick}, 0.95);
  return mesh;
}

Mesh shin(const Wardrobe& w, int surface, double length) {
  Mesh mesh = limb(surface, length, 0.062, 0.046);
  addBall(mesh, w.shoes, {0, -length - 0.005, 0.06}, {0.05, 0.05, 0.135}, 0.8);
  return mesh;
}

Mesh arm(const Wardrobe& w, double length) {
  Mesh mesh = limb(w.top, length * 0.5, 0.055, 0.046);
  const Vec3 elbow(0, -length * 0.5, 0), hand(0, -length * 0.95, length * 0.17);
  addTube(mesh, w.top, {elbow, hand, 0.046, 0.036, 8, 0.95});
  addBall(mesh, w.skin, hand + Vec3(0, -0.05, 0.01), {0.038, 0.06, 0.042});
  return mesh;
}

Mesh walkerBody(const Wardrobe& w, double leg, Rng& rng) {
  Mesh mesh;
  const double hip = 2 * leg + 0.06, shoulder = hip + 0.54;
  addBall(mesh, w.bottom, {0, hip, 0}, {0.165, 0.13, 0.125});
  addBall(mesh, w.top, {0, hip + 0.26, 0}, {0.185, 0.34, 0.13});
  addBall(mesh, w.top, {0, shoulder - 0.05, 0}, {0.22, 0.11, 0.115});
  if (rng.chance(0.3))
    addTube(mesh, w.top, {Vec3(0, hip + 0.2, 0), Vec3(0, hip - leg * 0.75, 0), 0.165, 0.22, 10, 0.9});  // coat or skirt
  if (rng.chance(0.3)) addBall(mesh, w.extra, {0, hip + 0.3, -0.17}, {0.15, 0.22, 0.1});                // backpack
  addHead(mesh, w, {0, shoulder + 0.03, 0}, false, rng.chance(0.45));
  return mesh;
}

Mesh riderBody(const Wardrobe& w, int frame, Rng& rng) {
  Mesh mesh;
  const Vec3 hip(0, 0.98, -0.24), chest(0, 1.4, 0.02), axle(0, 0.28, -0.04), head(0, 0.78, 0.4), rear(0, 0.34, -0.5),
      front(0, 0.34, 0.58);
  const auto rod = [&](const Vec3& a, const Vec3& b, double r) { addTube(mesh, frame, {a, b, r, r, 6, 0.9}); };
  rod(axle, {0, 0.86, -0.22}, 0.02), rod(axle, head, 0.022), rod({0, 0.74, -0.19}, head, 0.02), rod(head, front, 0.018),
      rod(axle, rear, 0.016);
  rod({0, 0.74, -0.19}, rear, 0.014), rod(head, {0, 1.0, 0.36}, 0.018),
      rod({-0.26, 1.02, 0.34}, {0.26, 1.02, 0.34}, 0.016);
  addBall(mesh, w.shoes, {0, 0.9, -0.26}, {0.09, 0.05, 0.14});
  addBall(mesh, w.bottom, hip, {0.16, 0.13, 0.14});
  addTube(mesh, w.top, {hip, chest, 0.155, 0.185, 10, 0.95});
  addBall(mesh, w.top, chest, {0.21, 0.12, 0.13});
  for (double side : {-1.0, 1.0}) {
    const Vec3 shoulder = chest + Vec3(side * 0.2, 0.02, 0.02), elbow(side * 0.27, 1.16, 0.14),
               hand(side * 0.24, 1.04, 0.34);
    addTube(mesh, w.top, {shoulder, elbow, 0.055, 0.046, 8, 0.95}),
        addTube(mesh, w.top, {elbow, hand, 0.046, 0.036, 8, 0.95});
    addBall(mesh, w.skin, hand, {0.04, 0.045, 0.05});
  }
  if (rng.chance(0.35)) addBall(mesh, w.extra, {0, 1.26, -0.22}, {0.16, 0.22, 0.11});
  addHead(mesh, w, chest + Vec3(0, 0.08, 0.06), rng.chance(0.6), rng.chance(0.4));
  return mesh;
}

Mesh bikeWheel(int spokes, int tyre) {
  Mesh mesh;
  addDisc(mesh, spokes, {0.012, 0, 0}, 0.345, 1);
  addDisc(mesh, spokes, {-0.012, 0, 0}, 0.345, -1);
  addTube(mesh, tyre, {Vec3(-0.02, 0, 0), Vec3(0.02, 0, 0), 0.34, 0.34, 16, 0.8});
  return mesh;
}
}  // namespace

Actor makeWalker(Scene& scene, Rng& rng) {
  const Wardrobe w = dress(scene, rng, Pedestrian);
  const double leg = rng.uniform(0.4, 0.46), hip = 2 * leg + 0.03, reach = 0.54 + leg * 0.1;
  const int bare = rng.chance(0.12) ? w.skin : w.bottom;
  Actor walker;
  walker.boxClass = 1;
  walker.size = leg;
  walker.phase = rng.uniform(0, 2 * CV_PI);
  walker.pivots = {{-0.09, hip, 0}, {0.09, hip, 0}, {-0.23, hip + 0.5, 0}, {0.23, hip + 0.5, 0}};
  walker.meshes = {scene.addMesh(walkerBody(w, leg, rng))};
  for (int side = 0; side < 2; ++side)
    for (Mesh part : {limb(w.bottom, leg, 0.088, 0.064), shin(w, bare, leg - 0.04), arm(w, reach)})
      walker.meshes.push_back(scene.addMesh(std::move(part)));
  return walker;
}

Actor makeCyclist(Scene& scene, Rng& rng) {
  const Wardrobe w = dress(scene, rng, Bicyclist);
  const int frame = plainSurface(scene, Bicyclist, jitter(rng, pick(rng, kClothes), 0.2)),
            tyre = plainSurface(scene, Bicyclist, {36, 36, 38});
  const int spokes = scene.addSurface({scene.addTexture(paintSpokes()), Bicyclist, true, false, {1, 1, 1}, 0});
  Actor cyclist;
  cyclist.boxClass = 2;
  cyclist.size = 0.45;
  cyclist.phase = rng.uniform(0, 2 * CV_PI);
  cyclist.pivots = {{-0.09, 0.98, -0.24}, {0.09, 0.98, -0.24}, {0, 0.3, -0.04}, {0, 0.345, -0.5}, {0, 0.345, 0.58}};
  cyclist.meshes = {scene.addMesh(riderBody(w, frame, rng))};
  for (int side = 0; side < 2; ++side)
    for (Mesh part : {limb(w.bottom, cyclist.size, 0.09, 0.066), shin(w, w.bottom, cyclist.size - 0.03)})
      cyclist.meshes.push_back(scene.addMesh(std::move(part)));
  for (int i = 0; i < 2; ++i) cyclist.meshes.push_back(scene.addMesh(bikeWheel(spokes, tyre)));
  return cyclist;
}

}  // namespace dff::street
