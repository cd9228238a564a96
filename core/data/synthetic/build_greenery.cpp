#include <algorithm>

#include "core/data/synthetic/build.h"

namespace dff::street {
namespace {
class Gardener {
 public:
  Gardener(Scene& scene, Rng& rng) : scene_(scene), rng_(rng), bare_(scene.plan.season == 3) {
    for (int i = 0; i < 4; ++i) leaves_.push_back(cut(bare_ ? paintTwigs(rng) : paintLeaves(rng, scene.plan), Tree));
    bark_ = plainSurface(scene, Tree, jitter(rng, {96, 82, 66}, 0.2));
    hedge_ = scene.addSurface({scene.addTexture(paintHedge(rng, scene.plan)), Tree, false, false, {1, 1, 1}, 0});
    railings_ = cut(paintRailings(rng), Fence);
    boards_ = scene.addSurface({scene.addTexture(paintBoards(rng)), Fence, false, false, {1, 1, 1}, 0});
    Canvas wall(4, 4, 48, {0, 0, 0});
    paintWall(wall, Wall::Brick, jitter(rng, {150, 96, 74}, 0.15), rng);
    wall_ = scene.addSurface({scene.addTexture(wall.texture()), Building, false, false, {1, 1, 1}, 0});
  }

  void tree(double s, double right, double size) {
    const Pose pose = scene_.path.pose(s, right, kKerbHeight);
    const double trunk = 2.2 * size, radius = 0.13 * size;
    Mesh mesh;
    addTube(mesh, bark_, {pose.apply({0, -0.1, 0}), pose.apply({0, trunk, 0}), radius * 1.3, radius, 8, 0.9});
    const Vec3 heart(rng_.uniform(-0.3, 0.3), trunk + 1.7 * size, rng_.uniform(-0.3, 0.3));
    for (int i = 0; i < 5; ++i) {
      const Vec3 tip = heart + Vec3(rng_.uniform(-1.3, 1.3), rng_.uniform(-0.6, 1.2), rng_.uniform(-1.2, 1.2)) * size;
      addTube(mesh, bark_, {pose.apply({0, trunk - 0.1, 0}), pose.apply(tip), radius * 0.75, 0.02, 5, 0.7});
    }
    scene_.casters.push_back(
        {{pose.apply({-radius, 0, 0}), pose.apply({radius, 0, 0}), pose.apply({0, 0, radius}),
          pose.apply({0, 0, -radius}), pose.apply({-radius, trunk + size, 0}), pose.apply({radius, trunk + size, 0})},
         1});
    for (int i = 0; i < (bare_ ? 9 : 14); ++i) card(mesh, pose, heart, size);
    scene_.addMesh(std::move(mesh));
  }

  void hedge(int sign, double right, double from, double to, double height) {
    barrier(hedge_, {from, to, right, height, 0.7, 1.2}, sign);
  }
  void wall(int sign, double right, double from, double to) {
    barrier(wall_, {from, to, right, rng_.uniform(0.9, 1.9), 0.3, 4}, sign);
  }
  void fence(int sign, double right, double from, double to, bool boards) {
    const double height = boards ? 1.8 : 1.4;
    for (double s = from; s < to; s += 3)
      panel(boards ? boards_ : railings_, sign, right, {s, std::min(to, s + 3)}, height);
  }

 private:
  int cut(Texture texture, Label label) {
    return scene_.addSurface({scene_.addTexture(std::move(texture)), label, true, false, {1, 1, 1}, 0});
  }

  /// One card of leaves that faces the drivers more or less.
  void card(Mesh& mesh, const Pose& pose, const Vec3& heart, double size) {
    Vec3 d;
    do d = Vec3(rng_.uniform(-1, 1), rng_.uniform(-1, 1), rng_.uniform(-1, 1));
    while (d.dot(d) > 1);
    const Vec3 centre = heart + d.mul(Vec3(1.5, 1.25, 1.3)) * size;
    const double half = rng_.uniform(1.0, 1.5) * size * (bare_ ? 1.25 : 1), turn = rng_.uniform(-0.7, 0.7);
    const Vec3 across = Vec3(std::cos(turn), 0, std::sin(turn)) * half * (rng_.chance(0.5) ? 1 : -1),
               up(0, half * 0.9, 0);
    const Quad quad = {pose.apply(centre - across - up), pose.apply(centre + across - up),
                       pose.apply(centre + across + up), pose.apply(centre - across + up)};
    addQuad(mesh, pick(rng_, leaves_), quad, {}, {0.62 + 0.14 * d[1], 0.98});
    for (int i = 0; i < 4; ++i) {  // lit as a part of a round crown
      Vertex& v = mesh.vertices[mesh.vertices.size() - 4 + i];
      v.n = cv::normalize(Vec3(v.p) - pose.apply(heart - Vec3(0, 0.6 * size, 0)));
    }
    std::vector<Vec3> blob;
    for (int i = 0; i < 10; ++i) {
      const double a = i * CV_PI / 5;
      blob.push_back(pose.apply(centre + Vec3(std::cos(a), 0, std::sin(a)) * half * rng_.uniform(0.5, 0.75)));
    }
    scene_.casters.push_back({blob, bare_ ? 0.3 : 0.8});
  }

  struct Barrier {
    double from, to, right, height, depth, metresPerTurn;
  };

  void barrier(int surface, const Barrier& b, int sign) {
    for (double s = b.from; s < b.to; s += 4) {
      const double end = std::min(b.to, s + 4), left = sign > 0 ? end : s, right = sign > 0 ? s : end;
      const auto at = [&](double along, double deep, double up) {
        return scene_.path.at(along, b.right + sign * deep, kKerbHeight + up);
      };
      const double u0 = left / b.metresPerTurn, u1 = right / b.metresPerTurn, v = b.height / b.metresPerTurn;
      Mesh mesh;
      addQuad(mesh, surface, {at(left, 0, 0), at(right, 0, 0), at(right, 0, b.height), at(left, 0, b.height)},
              {u0, v, u1, 0}, {0.6, 1});
      addQuad(
          mesh, surface,
          {at(left, 0, b.height), at(right, 0, b.height), at(right, b.depth, b.height), at(left, b.depth, b.height)},
          {u0, b.depth / b.metresPerTurn, u1, 0});
      for (double e : {left, right})
        addQuad(mesh, surface, {at(e, 0, 0), at(e, b.depth, 0), at(e, b.depth, b.height), at(e, 0, b.height)},
                {0, v, b.depth / b.metresPerTurn, 0}, {0.6, 1});
      scene_.addMesh(std::move(mesh));
      scene_.casters.push_back({{at(s, 0, 0), at(end, 0, 0), at(s, b.depth, 0), at(end, b.depth, 0), at(s, 0, b.height),
                                 at(end, 0, b.height)},
                                1});
    }
  }

  void panel(int surface, int sign, double right, cv::Vec2d along, double height) {
    const double a = along[sign > 0 ? 1 : 0], b = along[sign > 0 ? 0 : 1];
    const auto at = [&](double s, double up) { return scene_.path.at(s, right, kKerbHeight + up); };
    Mesh mesh;
    addQuad(mesh, surface, {at(a, 0), at(b, 0), at(b, height), at(a, height)},
            {0, 0.999, (along[1] - along[0]) / 1.6, 0}, {0.75, 1});
    scene_.addMesh(std::move(mesh));
    scene_.casters.push_back({{at(a, 0), at(b, 0), at(b, height), at(a, height)}, surface == boards_ ? 1.0 : 0.4});
  }

  Scene& scene_;
  Rng& rng_;
  bool bare_;
  std::vector<int> leaves_;
  int bark_ = 0, hedge_ = 0, railings_ = 0, boards_ = 0, wall_ = 0;
};

void closeGap(Scene& scene, Gardener& gardener, const Gap& gap, Rng& rng) {
  const double line = scene.plan.houseLine(gap.sign) + gap.sign * 0.1, from = gap.from + 0.3, to = gap.to - 0.3;
  switch (rng.below(5)) {
    case 0:
      gardener.hedge(gap.sign, line, from, to, rng.uniform(1.1, 2));
      break;
    case 1:
      gardener.wall(gap.sign, line, from, to);
      break;
    case 2:
      gardener.fence(gap.sign, line, from, to, true);
      break;
    default:
      gardener.fence(gap.sign, line, from, to, false);
  }
}
}  // namespace

void buildGreenery(Scene& scene, const std::vector<Gap>& gaps, Rng rng) {
  Gardener gardener(scene, rng);
  const Plan& plan = scene.plan;
  for (const Gap& gap : gaps) {
    closeGap(scene, gardener, gap, rng);
    if (gap.to - gap.from > 6.5 && rng.chance(0.9))
      for (double s = gap.from + 3; s < gap.to - 2; s += rng.uniform(4, 8))
        gardener.tree(s, plan.houseLine(gap.sign) + gap.sign * rng.uniform(3.5, 9), rng.uniform(1, 1.7));
  }
  for (int sign : {-1, 1}) {
    if (!rng.chance(plan.greenery)) continue;
    const double spacing = rng.uniform(9, 20);
    for (double s = plan.firstS + rng.uniform(0, spacing); s < plan.lastS; s += spacing)
      if (rng.chance(0.85)) gardener.tree(s, plan.kerb(sign) + sign * 0.75, rng.uniform(0.85, 1.35));
    if (rng.chance(0.3))
      for (double s = 20; s < plan.lastS; s += rng.uniform(35, 60))
        gardener.fence(sign, plan.kerb(sign) + sign * 0.3, s, s + 12, false);
  }
}

}  // namespace dff::street
