#include <algorithm>

#include "core/data/synthetic/build.h"

namespace dff::street {
namespace {
/// A side view: z forward from the middle, y up, metres. The cabin stands on the body between its four corners.
struct CarShape {
  double length, halfWidth, belt, roof, tail, nose;  ///< heights of the boot's end and of the bonnet's end
  double cabin[4];  ///< z of the rear window's foot and head, the windscreen's head and foot
  double wheel;
};

const std::vector<CarShape> kShapes = {
    {4.0, 0.85, 0.95, 1.46, 0.90, 0.72, {-1.95, -1.55, 0.35, 1.05}, 0.31},   // hatchback
    {4.6, 0.89, 0.94, 1.43, 0.92, 0.70, {-1.60, -0.95, 0.35, 1.15}, 0.32},   // saloon
    {4.7, 0.89, 0.95, 1.47, 0.92, 0.72, {-2.30, -2.00, 0.35, 1.15}, 0.32},   // estate
    {4.5, 0.93, 1.10, 1.72, 1.05, 0.92, {-2.20, -1.90, 0.40, 1.05}, 0.36},   // off-roader
    {3.6, 0.80, 0.98, 1.50, 0.92, 0.80, {-1.76, -1.45, 0.40, 1.05}, 0.29},   // small car
    {5.0, 0.96, 1.15, 2.10, 1.10, 1.00, {-2.48, -2.44, 1.25, 1.80}, 0.34}};  // van

class CarBuilder {
 public:
  CarBuilder(Scene& scene, Rng& rng, const CarShape& shape)
      : scene_(scene), rng_(rng), shape_(shape), half_(shape.length / 2), van_(shape.roof > 2) {
    const std::vector<Colour> paints = {{196, 198, 200}, {150, 154, 160}, {70, 74, 80},   {36, 38, 44},
                                        {232, 232, 228}, {150, 26, 30},   {34, 62, 130},  {30, 84, 74},
                                        {196, 160, 60},  {110, 40, 46},   {90, 130, 170}, {206, 92, 40}};
    paint_ =
        jitter(rng,
               van_ ? pick(rng, std::vector<Colour>{{232, 232, 228}, {196, 198, 200}, {214, 176, 60}, {60, 80, 120}})
                    : pick(rng, paints),
               0.08);
    side_ = surface(paintSide(), 0);
    front_ = surface(paintEnd(true), 0), rear_ = surface(paintEnd(false), 0);
    top_ = plainSurface(scene, Car, paint_, 0.16f);
    glass_ = plainSurface(scene, Car, {50, 60, 68}, 0.22f);
    tyre_ = plainSurface(scene, Car, {34, 34, 36});
    hub_ = surface(paintHub(), 0);
  }

  Mesh body() const {
    Mesh mesh;
    for (double side : {-1.0, 1.0}) addFlank(mesh, side), addCabinSide(mesh, side);
    addTop(mesh);
    addEnds(mesh);
    const double w = shape_.halfWidth - 0.08;
    addQuad(mesh, tyre_,
            {Vec3(-w, 0.2, -half_ + 0.3), Vec3(w, 0.2, -half_ + 0.3), Vec3(w, 0.2, half_ - 0.3),
             Vec3(-w, 0.2, half_ - 0.3)},
            {}, {0.2, 0.2});
    return mesh;
  }

  /// Around the origin, its face towards the sign of `side`.
  Mesh wheel(double side) const {
    Mesh mesh;
    addTube(mesh, tyre_, {Vec3(side * 0.06, 0, 0), Vec3(-side * 0.14, 0, 0), shape_.wheel, shape_.wheel, 14, 0.7});
    addDisc(mesh, hub_, Vec3(side * 0.06, 0, 0), shape_.wheel, side);
    return mesh;
  }

  std::vector<Vec3> axles() const {
    std::vector<Vec3> pivots;
    for (double z : {-0.62 * half_, 0.63 * half_})
      for (double side : {-1.0, 1.0}) pivots.emplace_back(side * (shape_.halfWidth - 0.04), shape_.wheel, z);
    return pivots;
  }

 private:
  int surface(Texture texture, float sheen) {
    return scene_.addSurface({scene_.addTexture(std::move(texture)), Car, false, false, {1, 1, 1}, sheen});
  }

  double bodyTop(double z) const {  // boot, belt line, bonnet
    const double rear = shape_.cabin[0], front = shape_.cabin[3];
    if (z < rear) return shape_.belt - (shape_.belt - shape_.tail) * (rear - z) / std::max(0.05, half_ + rear);
    if (z > front) {
      const double t = (z - front) / std::max(0.05, half_ - front);
      return shape_.belt - (shape_.belt - shape_.nose) * t * t;
    }
    return shape_.belt;
  }

  std::vector<double> stations() const {
    const double front = shape_.cabin[3], bonnet = half_ - front;
    return {-half_,       -half_ + 0.08, shape_.cabin[0] + 0.001, front, front + bonnet * 0.45, front + bonnet * 0.8,
            half_ - 0.04, half_};
  }

  // Rounded in plan towards both ends, tucked in towards the sill.
  double halfWidth(double z, double y) const {
    const double end = std::max(0.0, std::abs(z) / half_ - 0.8) / 0.2;
    const double tuck = y < 0.45 ? 0.05 * (0.45 - y) / 0.25 : 0.03 * std::max(0.0, y - 0.7);
    return shape_.halfWidth - 0.16 * end * end - tuck;
  }

  cv::Vec2f sideUv(const Vec3& p) const { return cv::Vec2d((p[2] + half_) / shape_.length, 1 - p[1] / shape_.roof); }
  cv::Vec2f endUv(const Vec3& p) const {
    return cv::Vec2d(p[0] / (2 * shape_.halfWidth) + 0.5, 1 - p[1] / shape_.roof);
  }

  template <class Uv>
  static void addMapped(Mesh& mesh, int surface, const Quad& quad, Uv uv, cv::Vec2d open) {
    addQuad(mesh, surface, quad, {}, open);
    for (int i = 0; i < 4; ++i) mesh.vertices[mesh.vertices.size() - 4 + i].uv = uv(quad[i]);
  }

  void addFlank(Mesh& mesh, double side) const {
    const std::vector<double> z = stations();
    const auto at = [&](double along, double y) { return Vec3(side * halfWidth(along, y), y, along); };
    const auto uv = [&](const Vec3& p) { return sideUv(p); };
    for (size_t i = 0; i + 1 < z.size(); ++i) {
      const double a = side > 0 ? z[i] : z[i + 1], b = side > 0 ? z[i + 1] : z[i];
      addMapped(mesh, side_, {at(a, 0.2), at(b, 0.2), at(b, 0.55), at(a, 0.55)}, uv, {0.4, 0.85});
      addMapped(mesh, side_, {at(a, 0.55), at(b, 0.55), at(b, bodyTop(b)), at(a, bodyTop(a))}, uv, {0.85, 1});
    }
  }

  void addCabinSide(Mesh& mesh, double side) const {
    const double low = halfWidth(0, shape_.belt), high = roofHalf();
    const Vec3 foot0(side * low, shape_.belt, shape_.cabin[0]), foot1(side * low, shape_.belt, shape_.cabin[3]);
    const Vec3 head0(side * high, shape_.roof, shape_.cabin[1]), head1(side * high, shape_.roof, shape_.cabin[2]);
    const auto uv = [&](const Vec3& p) { return sideUv(p); };
    addMapped(mesh, side_, side > 0 ? Quad{foot0, foot1, head1, head0} : Quad{foot1, foot0, head0, head1}, uv, {1, 1});
  }

  double roofHalf() const { return shape_.halfWidth * (van_ ? 0.88 : 0.74); }

  void addTop(Mesh& mesh) const {
    const std::vector<double> z = stations();
    const auto at = [&](double along, double side) {
      return Vec3(side * halfWidth(along, bodyTop(along)), bodyTop(along), along);
    };
    for (size_t i = 0; i + 1 < z.size(); ++i)
      addQuad(mesh, top_, {at(z[i], -1), at(z[i], 1), at(z[i + 1], 1), at(z[i + 1], -1)});
    const double r = roofHalf(), y = shape_.roof, *c = shape_.cabin;
    const double middle = (c[1] + c[2]) / 2;
    addQuad(mesh, top_, {Vec3(-r, y, c[1]), Vec3(r, y, c[1]), Vec3(r, y + 0.05, middle), Vec3(-r, y + 0.05, middle)});
    addQuad(mesh, top_, {Vec3(-r, y + 0.05, middle), Vec3(r, y + 0.05, middle), Vec3(r, y, c[2]), Vec3(-r, y, c[2])});
  }

  // The pane is set a little before the frame that the paint shows around it.
  void addScreen(Mesh& mesh, double foot, double head, bool front) const {
    const double low = halfWidth(0, shape_.belt), high = roofHalf(), face = front ? 1 : -1;
    const auto at = [&](double across, double t, double out) {
      return Vec3(-face * across * (low + (high - low) * t), shape_.belt + (shape_.roof - shape_.belt) * t + out,
                  foot + (head - foot) * t + face * out);
    };
    addQuad(mesh, top_, {at(-1, 0, 0), at(1, 0, 0), at(1, 1, 0), at(-1, 1, 0)});
    addQuad(mesh, glass_, {at(-0.9, 0.06, 0.008), at(0.9, 0.06, 0.008), at(0.88, 0.9, 0.008), at(-0.88, 0.9, 0.008)},
            {}, {0.8, 1});
  }

  void addEnds(Mesh& mesh) const {
    const auto uv = [&](const Vec3& p) { return endUv(p); };
    for (double face : {-1.0, 1.0}) {
      const double z = face * half_, top = bodyTop(z);
      const auto at = [&](double side, double y, double out) {
        return Vec3(-face * side * halfWidth(z, y), y, z + face * out);
      };
      const int surface = face > 0 ? front_ : rear_;
      addMapped(mesh, surface, {at(-1, 0.22, -0.03), at(1, 0.22, -0.03), at(1, 0.5, 0.05), at(-1, 0.5, 0.05)}, uv,
                {0.5, 0.9});
      addMapped(mesh, surface, {at(-1, 0.5, 0.05), at(1, 0.5, 0.05), at(1, top, -0.0), at(-1, top, -0.0)}, uv,
                {0.95, 1});
    }
    addScreen(mesh, shape_.cabin[3], shape_.cabin[2], true);
    addScreen(mesh, shape_.cabin[0], shape_.cabin[1], false);
  }

  Texture paintSide() {
    Canvas c(shape_.length, shape_.roof, 72, paint_);
    const double* z = shape_.cabin;
    const double belt = shape_.belt + 0.04, head = shape_.roof - 0.09;
    const auto x = [&](double along) { return along + half_; };
    const auto slant = [&](double y, bool front) {
      const double t = (y - shape_.belt) / (shape_.roof - shape_.belt);
      return front ? z[3] + (z[2] - z[3]) * t - 0.12 : z[0] + (z[1] - z[0]) * t + 0.12;
    };
    const Colour pane(34, 42, 48), sky(84, 98, 108);
    if (!van_)
      c.polygon({{x(slant(belt, false)), belt},
                 {x(slant(belt, true)), belt},
                 {x(slant(head, true)), head},
                 {x(slant(head, false)), head}},
                pane);
    if (van_)
      c.polygon(
          {{x(0.75), belt}, {x(slant(belt, true)), belt}, {x(slant(head, true)), head - 0.1}, {x(0.75), head - 0.1}},
          pane);
    if (!van_)
      c.polygon({{x(slant(head, false)) + 0.05, head},
                 {x(slant(head, true)) - 0.1, head},
                 {x(slant(head, true)), head - 0.12},
                 {x(slant(head, false)), head - 0.12}},
                sky);
    for (double pillar : {z[1] + 0.35, (z[1] + z[2]) / 2 + 0.25})
      if (!van_) c.rect({x(pillar), shape_.belt, 0.07, head - shape_.belt + 0.02}, paint_ * 0.8);
    for (double door : {(z[0] + z[3]) / 2 - 0.55, (z[0] + z[3]) / 2 + 0.5, z[3] - 0.1})
      c.rect({x(door), 0.34, 0.018, shape_.belt - 0.36}, paint_ * 0.5);
    c.rect({0, shape_.belt * 0.74, shape_.length, 0.02}, paint_ * 1.15);
    c.shadeArea({0, 0, shape_.length, 0.5}, 0.5, 1);
    for (double end : {-0.62 * half_, 0.63 * half_})
      c.ellipse({x(end), shape_.wheel}, {shape_.wheel + 0.07, shape_.wheel + 0.07}, {20, 20, 22});
    c.rect({0, shape_.tail - 0.28, 0.14, 0.18}, {150, 24, 26});
    c.rect({shape_.length - 0.22, shape_.nose - 0.2, 0.22, 0.13}, {214, 220, 224});
    return c.texture();
  }

  Texture paintEnd(bool front) {
    const double w = 2 * shape_.halfWidth, top = front ? shape_.nose : shape_.tail;
    Canvas c(w, shape_.roof, 90, paint_);
    c.shadeArea({0, 0, w, 0.5}, 0.55, 1);
    const double lampY = top - 0.24, lampH = front ? 0.15 : 0.2;
    for (double x : {0.12, w - 0.12 - 0.32}) {
      const cv::Rect2d lamp(x, lampY, 0.32, lampH);
      c.rect({lamp.x - 0.02, lamp.y - 0.02, lamp.width + 0.04, lamp.height + 0.04}, paint_ * 0.4);
      c.rect(lamp, front ? Colour(226, 232, 236) : Colour(176, 22, 26));
      c.ellipse({x + 0.16, lampY + lampH / 2}, {0.07, 0.06}, front ? Colour(255, 255, 250) : Colour(226, 60, 50));
      c.fourth(lamp, front ? 10 : 120);
    }
    if (front) {
      c.rect({0.5, lampY - 0.02, w - 1, 0.14}, {26, 28, 30});
      for (double y = lampY; y < lampY + 0.11; y += 0.035) c.rect({0.52, y, w - 1.04, 0.012}, {120, 124, 128});
      c.rect({0.35, 0.26, w - 0.7, 0.12}, {24, 25, 27});
    } else {
      c.rect({0.1, lampY + lampH + 0.03, w - 0.2, 0.014}, paint_ * 0.5);
      c.rect({0.3, 0.24, w - 0.6, 0.1}, {30, 31, 33});
    }
    const cv::Rect2d plate(w / 2 - 0.26, front ? 0.41 : lampY + 0.02, 0.52, 0.12);
    c.rect(plate, front ? Colour(236, 236, 228) : Colour(234, 200, 70));
    c.text("DF" + std::to_string(10 + rng_.below(60)) + " FLW", {plate.x + 0.02, plate.y + 0.015, 0.48, 0.09}, 0,
           {30, 30, 32});
    return c.texture();
  }

  static Texture paintHub() {
    Canvas c(0.7, 0.7, 90, {32, 32, 34});
    c.ellipse({0.35, 0.35}, {0.23, 0.23}, {150, 153, 157});
    for (int i = 0; i < 5; ++i) {
      const double a = i * 2 * CV_PI / 5;
      c.ellipse({0.35 + 0.14 * std::cos(a), 0.35 + 0.14 * std::sin(a)}, {0.052, 0.052}, {52, 54, 58});
    }
    c.ellipse({0.35, 0.35}, {0.045, 0.045}, {96, 98, 102});
    return c.texture();
  }

  Scene& scene_;
  Rng& rng_;
  CarShape shape_;
  double half_;
  bool van_;
  Colour paint_;
  int side_, front_, rear_, top_, glass_, tyre_, hub_;
};
}  // namespace

Actor makeCar(Scene& scene, Rng& rng) {
  const CarShape& shape = pick(rng, kShapes);
  CarBuilder builder(scene, rng, shape);
  Actor car;
  car.boxClass = 0;
  car.size = shape.wheel;
  car.pivots = builder.axles();
  car.meshes = {scene.addMesh(builder.body())};
  for (const Vec3& pivot : car.pivots) car.meshes.push_back(scene.addMesh(builder.wheel(pivot[0] > 0 ? 1 : -1)));
  return car;
}

}  // namespace dff::street
