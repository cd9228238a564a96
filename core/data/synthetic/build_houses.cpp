#include <algorithm>

#include "core/data/synthetic/build.h"

namespace dff::street {
namespace {
struct Style {
  FacadeSpec spec;
  int front, side, roof, chimney;
  bool pitched;
};

struct House {
  int sign = 1;
  double from = 0, to = 0, setback = 0, depth = 10, height = 8;
};

/// The corner at s, `deep` metres behind the front, `up` above the pavement.
Vec3 corner(const Scene& scene, const House& h, double s, double deep, double up) {
  return scene.path.at(s, scene.plan.houseLine(h.sign) + h.sign * (h.setback + deep), kKerbHeight + up);
}

void addWalls(Mesh& mesh, const Scene& scene, const House& h, const Style& style) {
  const double left = h.sign > 0 ? h.to : h.from, right = h.sign > 0 ? h.from : h.to;  // as seen from the street
  const auto at = [&](double s, double deep, double up) { return corner(scene, h, s, deep, up); };
  addQuad(mesh, style.front, {at(left, 0, 0), at(right, 0, 0), at(right, 0, h.height), at(left, 0, h.height)}, {},
          {0.85, 1});
  const UvRect uv{0, h.height / 6, h.depth / 6, 0};
  addQuad(mesh, style.side, {at(left, h.depth, 0), at(left, 0, 0), at(left, 0, h.height), at(left, h.depth, h.height)},
          uv, {0.7, 1});
  addQuad(mesh, style.side,
          {at(right, 0, 0), at(right, h.depth, 0), at(right, h.depth, h.height), at(right, 0, h.height)}, uv, {0.7, 1});
}

void addRoof(Mesh& mesh, const Scene& scene, const House& h, const Style& style, Rng& rng) {
  const double rise = rng.uniform(2, 3.2), eave = h.height - 0.12, ridge = h.height + rise, half = h.depth / 2;
  const double left = h.sign > 0 ? h.to : h.from, right = h.sign > 0 ? h.from : h.to;
  const auto at = [&](double s, double deep, double up) { return corner(scene, h, s, deep, up); };
  addQuad(mesh, style.roof,
          {at(left, -0.35, eave), at(right, -0.35, eave), at(right, half, ridge), at(left, half, ridge)},
          {0, 1.4, (h.to - h.from) / 4, 0});
  for (double s : {left, right})
    addQuad(mesh, style.side, {at(s, 0, h.height), at(s, h.depth, h.height), at(s, half, ridge), at(s, half, ridge)},
            {0, 0.5, 1.6, 0});
  if (rng.chance(0.7)) {
    const Vec3 base = at(rng.chance(0.5) ? left : right, half, ridge);
    addBox(mesh, style.chimney, base - Vec3(0.45, 1, 0.45), base + Vec3(0.45, 1.1, 0.45), 6);
    for (double x : {-0.2, 0.2})
      addTube(mesh, style.chimney, {base + Vec3(x, 1.1, 0), base + Vec3(x, 1.55, 0), 0.12, 0.1, 6});
  }
}

void addAwning(Mesh& mesh, const Scene& scene, const House& h, int surface) {
  const double left = h.sign > 0 ? h.to - 0.5 : h.from + 0.5, right = h.sign > 0 ? h.from + 0.5 : h.to - 0.5;
  const auto at = [&](double s, double deep, double up) { return corner(scene, h, s, deep, up); };
  addQuad(mesh, surface, {at(left, -1.1, 2.35), at(right, -1.1, 2.35), at(right, -0.02, 2.85), at(left, -0.02, 2.85)},
          {0, 1, 6, 0});
  addQuad(mesh, surface, {at(left, -1.1, 2.15), at(right, -1.1, 2.15), at(right, -1.1, 2.35), at(left, -1.1, 2.35)},
          {0, 1, 6, 0.6}, {0.7, 0.8});
}

Texture paintStripes(Rng& rng) {
  const Colour colour = pick(rng, std::vector<Colour>{{168, 44, 44}, {40, 92, 70}, {44, 70, 130}, {200, 140, 50}});
  Canvas canvas(1, 1, 64, colour);
  canvas.rect({0.5, 0, 0.5, 1}, {232, 226, 212});
  return canvas.texture();
}

Style makeStyle(Scene& scene, Rng& rng, int roof) {
  Style style;
  style.spec = randomFacade(rng, scene.plan);
  style.spec.lit = scene.light.lamps > 0.3 ? 0.3 * scene.light.lamps : 0.03;
  style.front =
      scene.addSurface({scene.addTexture(paintFacade(style.spec, rng)), Building, false, false, {1, 1, 1}, 0});
  Canvas side(6, 6, 40, style.spec.colour);
  paintWall(side, style.spec.wall, style.spec.colour * 0.94, rng);
  style.side = scene.addSurface({scene.addTexture(side.texture()), Building, false, false, {1, 1, 1}, 0});
  style.roof = roof, style.chimney = style.side;
  style.pitched = !style.spec.modern && rng.chance(0.75);
  return style;
}

class Builder {
 public:
  Builder(Scene& scene, Rng& rng) : scene_(scene), rng_(rng) {
    const int roof = scene.addSurface({scene.addTexture(paintRoofTiles(rng)), Building, false, false, {1, 1, 1}, 0});
    // seen from below as well, which only cut surfaces are
    awning_ = scene.addSurface({scene.addTexture(paintStripes(rng)), Building, true, false, {1, 1, 1}, 0});
    constexpr int kStyles = 14;
    for (int i = 0; i < kStyles; ++i) styles_.push_back(makeStyle(scene, rng, roof));
  }

  const Style& randomStyle() { return pick(rng_, styles_); }

  void add(House h, const Style& style) {
    h.height = style.spec.height();
    Mesh mesh;
    addWalls(mesh, scene_, h, style);
    if (style.pitched) addRoof(mesh, scene_, h, style, rng_);
    if (style.spec.shop && h.setback < 1 && rng_.chance(0.3)) addAwning(mesh, scene_, h, awning_);
    scene_.addMesh(std::move(mesh));
    Caster caster;
    for (double s : {h.from, h.to})
      for (double deep : {0.0, h.depth})
        for (double up : {0.0, h.height}) caster.points.push_back(corner(scene_, h, s, deep, up));
    scene_.casters.push_back(std::move(caster));
  }

 private:
  Scene& scene_;
  Rng& rng_;
  std::vector<Style> styles_;
  int awning_;
};

std::vector<Gap> buildSide(const Scene& scene, Builder& builder, Rng& rng, int sign) {
  std::vector<Gap> gaps;
  const double openness = 0.25 * scene.plan.greenery * scene.plan.greenery + 0.03;
  double s = scene.plan.firstS, setback = 0;
  const bool park = rng.chance(0.18 * scene.plan.greenery);  // a park all along this side
  while (s < scene.plan.lastS) {
    if (park || rng.chance(openness)) {
      const double length = park ? rng.uniform(40, 70) : rng.uniform(7, 26);
      gaps.push_back({sign, s, s + length});
      s += length;
      setback = rng.chance(0.35) ? rng.uniform(1.5, 5) * scene.plan.greenery : 0;
      if (park) continue;
    }
    const Style& style = builder.randomStyle();
    const double width = style.spec.width * rng.uniform(0.94, 1.06);
    builder.add({sign, s, s + width, setback + (rng.chance(0.3) ? rng.uniform(0, 0.5) : 0), 10, 0}, style);
    if (setback > 1.5) gaps.push_back({sign, s, s + width});
    s += width;
  }
  return gaps;
}

void closeTheView(Scene& scene, Builder& builder, Rng& rng) {
  for (int sign : {-1, 1})  // what shows over gaps: a second row
    for (double s = scene.plan.firstS; s < scene.plan.lastS; s += rng.uniform(14, 30)) {
      const Style& style = builder.randomStyle();
      builder.add({sign, s, s + style.spec.width, rng.uniform(20, 34), 10, 0}, style);
    }
}

void addEndHouses(Scene& scene, Builder& builder, Rng& rng) {
  for (double right = -42; right < 40;) {
    const Style& style = builder.randomStyle();
    const double s = scene.plan.lastS + rng.uniform(0, 3), width = style.spec.width, up = style.spec.height();
    Mesh mesh;
    addQuad(mesh, style.front,
            {scene.path.at(s, right), scene.path.at(s, right + width), scene.path.at(s, right + width, up),
             scene.path.at(s, right, up)});
    scene.addMesh(std::move(mesh));
    right += width;
  }
}
}  // namespace

std::vector<Gap> buildHouses(Scene& scene, Rng rng) {
  Builder builder(scene, rng);
  std::vector<Gap> gaps;
  for (int sign : {-1, 1}) {
    const std::vector<Gap> side = buildSide(scene, builder, rng, sign);
    gaps.insert(gaps.end(), side.begin(), side.end());
  }
  closeTheView(scene, builder, rng);
  addEndHouses(scene, builder, rng);
  return gaps;
}

}  // namespace dff::street
