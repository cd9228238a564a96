#include <algorithm>

#include "core/data/synthetic/build.h"

namespace dff::street {
namespace {
class Furnisher {
 public:
  Furnisher(Scene& scene, Rng& rng) : scene_(scene), rng_(rng) {
    for (int kind = 0; kind < kSignKinds; ++kind)
      signs_.push_back(scene.addSurface({scene.addTexture(paintSign(rng, kind)), Sign, true, false, {1, 1, 1}, 0}));
    signal_ = scene.addSurface({scene.addTexture(paintTrafficLight(rng.below(3))), Sign, false, false, {1, 1, 1}, 0});
    steel_ = plainSurface(scene, Pole,
                          pick(rng, std::vector<Colour>{{120, 124, 126}, {58, 62, 64}, {48, 72, 62}, {92, 94, 96}}));
    grey_ = plainSurface(scene, Pole, {134, 136, 136});
    dark_ = plainSurface(scene, Sign, {40, 42, 44});
    back_ = plainSurface(scene, Sign, {128, 130, 132});
    Canvas lamp(0.5, 0.5, 64, {250, 238, 205});
    lamp.alpha.setTo(20);
    lamp_ = scene.addSurface({scene.addTexture(lamp.texture()), Pole, false, false, {1, 1, 1}, 0});
  }

  void lampPost(double s, double right, int sign, double height) {
    const Pose pose = stand(s, right);
    Mesh mesh;
    post(mesh, pose, {0, 0, 0}, {0, 1.1, 0}, 0.1, 0.09);
    post(mesh, pose, {0, 1.1, 0}, {0, height, 0}, 0.07, 0.05);
    post(mesh, pose, {0, height, 0}, {-sign * 1.3, height + 0.25, 0}, 0.045, 0.035);
    const Vec3 head = pose.apply({-sign * 1.45, height + 0.24, 0});
    addBall(mesh, steel_, head, {0.3, 0.09, 0.2});
    addBall(mesh, lamp_, head - Vec3(0, 0.06, 0), {0.22, 0.06, 0.14});
    keep(std::move(mesh), pose, 0.07, height);
  }

  void signPost(double s, double right, bool towardsUs) {
    const Pose pose = stand(s, right);
    Mesh mesh;
    const double height = rng_.uniform(2.3, 2.7), side = rng_.uniform(0.55, 0.75);
    post(mesh, pose, {0, 0, 0}, {0, height + side, 0}, 0.035, 0.035);
    plate(mesh, pose, {0, height + side / 2, -0.05}, side, towardsUs ? signs_[rng_.below(5)] : back_);
    if (towardsUs && rng_.chance(0.25))
      plate(mesh, pose, {0, height - side / 2 - 0.05, -0.05}, side * 0.9, signs_[rng_.below(5)]);
    keep(std::move(mesh), pose, 0.04, height);
  }

  void trafficLight(double s, double right) {
    const Pose pose = stand(s, right);
    Mesh mesh;
    post(mesh, pose, {0, 0, 0}, {0, 3.3, 0}, 0.055, 0.055);
    const Vec3 low(-0.18, 2.3, -0.24), high(0.18, 3.26, -0.06);
    addQuad(mesh, signal_,
            {pose.apply({low[0], low[1], low[2]}), pose.apply({high[0], low[1], low[2]}),
             pose.apply({high[0], high[1], low[2]}), pose.apply({low[0], high[1], low[2]})});
    Mesh box;
    addBox(box, dark_, low + Vec3(0, 0, 0.01), high);
    append(mesh, box, pose);
    keep(std::move(mesh), pose, 0.06, 3.3);
  }

  void bollard(double s, double right) {
    const Pose pose = stand(s, right);
    Mesh mesh;
    post(mesh, pose, {0, 0, 0}, {0, 0.95, 0}, 0.075, 0.06);
    addBall(mesh, steel_, pose.apply({0, 0.95, 0}), {0.08, 0.06, 0.08});
    keep(std::move(mesh), pose, 0.07, 1);
  }

  void hangingSign(double s, int sign) {
    const Pose pose = scene_.path.pose(s, scene_.plan.houseLine(sign), kKerbHeight);
    Mesh mesh;
    const double x = -sign * 0.65, side = rng_.uniform(0.6, 0.85);
    plate(mesh, pose, {x, 3.6, 0}, side, signs_[5 + rng_.below(2)]);
    post(mesh, pose, {0, 3.62 + side / 2, 0}, {x * 1.6, 3.62 + side / 2, 0}, 0.025, 0.02);
    scene_.addMesh(std::move(mesh));
  }

 private:
  Pose stand(double s, double right) const { return scene_.path.pose(s, right, kKerbHeight); }

  void post(Mesh& mesh, const Pose& pose, const Vec3& a, const Vec3& b, double ra, double rb) {
    addTube(mesh, ra < 0.05 ? grey_ : steel_, {pose.apply(a), pose.apply(b), ra, rb, 8, 1});
  }

  static void plate(Mesh& mesh, const Pose& pose, const Vec3& centre, double side, int surface) {
    const double h = side / 2;
    addQuad(mesh, surface,
            {pose.apply(centre + Vec3(-h, -h, 0)), pose.apply(centre + Vec3(h, -h, 0)),
             pose.apply(centre + Vec3(h, h, 0)), pose.apply(centre + Vec3(-h, h, 0))});
  }

  static void append(Mesh& mesh, const Mesh& part, const Pose& pose) {
    const int first = static_cast<int>(mesh.vertices.size());
    for (Vertex v : part.vertices) {
      v.p = pose.apply(v.p), v.n = pose.r * Vec3(v.n);
      mesh.vertices.push_back(v);
    }
    for (const Triangle& t : part.triangles)
      mesh.triangles.push_back({t.a + first, t.b + first, t.c + first, t.surface});
  }

  void keep(Mesh mesh, const Pose& pose, double radius, double height) {
    scene_.addMesh(std::move(mesh));
    Caster caster;
    for (double x : {-radius, radius})
      for (double z : {-radius, radius})
        for (double y : {0.0, height}) caster.points.push_back(pose.apply({x, y, z}));
    scene_.casters.push_back(std::move(caster));
  }

  Scene& scene_;
  Rng& rng_;
  std::vector<int> signs_;
  int signal_ = 0, steel_ = 0, grey_ = 0, dark_ = 0, back_ = 0, lamp_ = 0;
};
}  // namespace

void buildFurniture(Scene& scene, Rng rng) {
  Furnisher furnisher(scene, rng);
  const Plan& plan = scene.plan;
  const double height = rng.uniform(5.5, 8), spacing = rng.uniform(22, 34);
  for (int sign : {-1, 1}) {
    const double line = plan.kerb(sign) + sign * 0.42;
    for (double s = plan.firstS + rng.uniform(0, spacing); s < plan.lastS; s += spacing)
      furnisher.lampPost(s, line, sign, height);
    for (double s = rng.uniform(8, 25); s < plan.lastS; s += rng.uniform(16, 42))
      furnisher.signPost(s, plan.kerb(sign) + sign * 0.5, sign == static_cast<int>(plan.side) || rng.chance(0.5));
    for (double s = rng.uniform(6, 20); s < plan.lastS; s += rng.uniform(10, 40))
      if (rng.chance(plan.shops)) furnisher.hangingSign(s, sign);
    if (rng.chance(0.45))
      for (double s = rng.uniform(25, 60), end = s + 14; s < end; s += 1.8) furnisher.bollard(s, line);
  }
  const double junction = rng.uniform(28, 70);
  if (rng.chance(0.65))
    for (int sign : {-1, 1}) furnisher.trafficLight(junction, plan.kerb(sign) + sign * 0.55);
}

}  // namespace dff::street
