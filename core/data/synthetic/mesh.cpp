#include "core/data/synthetic/mesh.h"

#include <algorithm>

namespace dff::street {
namespace {
constexpr double kTurn = 2 * CV_PI;

void addStrip(Mesh& mesh, int surface, int first, int columns) {  // two rows of columns + 1 vertices
  for (int i = 0; i < columns; ++i) {
    const int a = first + i, b = a + 1, c = b + columns + 1, d = a + columns + 1;
    mesh.triangles.push_back({a, b, c, surface});
    mesh.triangles.push_back({a, c, d, surface});
  }
}

void addRing(Mesh& mesh, const Vec3& centre, const std::array<Vec3, 2>& axes, const Tube& tube, bool end) {
  const double radius = end ? tube.rb : tube.ra;
  for (int i = 0; i <= tube.sides; ++i) {
    const double angle = kTurn * i / tube.sides;
    const Vec3 n = axes[0] * std::cos(angle) + axes[1] * std::sin(angle);
    const float u = static_cast<float>(i) / static_cast<float>(tube.sides);
    mesh.vertices.push_back({centre + n * radius, n, {u, end ? 0.f : 1.f}, static_cast<float>(tube.open)});
  }
}
}  // namespace

void Mesh::finish() {
  cv::Vec3f low(1e9f, 1e9f, 1e9f), high = -low;
  for (const Vertex& v : vertices)
    for (int i = 0; i < 3; ++i) low[i] = std::min(low[i], v.p[i]), high[i] = std::max(high[i], v.p[i]);
  centre = Vec3(low + high) * 0.5;
  radius = cv::norm(high - low) / 2;
}

void addQuad(Mesh& mesh, int surface, const Quad& quad, UvRect uv, cv::Vec2d openBottomTop) {
  const Vec3 n = cv::normalize((quad[2] - quad[0]).cross(quad[1] - quad[3]));
  const int first = static_cast<int>(mesh.vertices.size());
  const double u[] = {uv.u0, uv.u1, uv.u1, uv.u0}, v[] = {uv.v0, uv.v0, uv.v1, uv.v1};
  for (int i = 0; i < 4; ++i)
    mesh.vertices.push_back({quad[i], n, cv::Vec2d(u[i], v[i]), static_cast<float>(openBottomTop[i < 2 ? 0 : 1])});
  mesh.triangles.push_back({first, first + 1, first + 2, surface});
  mesh.triangles.push_back({first, first + 2, first + 3, surface});
}

void addTube(Mesh& mesh, int surface, const Tube& tube) {
  const Vec3 along = cv::normalize(tube.b - tube.a);
  const Vec3 helper = std::abs(along[1]) > 0.9 ? Vec3(0, 0, 1) : Vec3(0, 1, 0);
  const Vec3 x = cv::normalize(along.cross(helper)), y = along.cross(x);
  const int first = static_cast<int>(mesh.vertices.size());
  addRing(mesh, tube.a, {x, y}, tube, false);
  addRing(mesh, tube.b, {x, y}, tube, true);
  addStrip(mesh, surface, first, tube.sides);
}

void addBall(Mesh& mesh, int surface, const Vec3& centre, const Vec3& radii, double open) {
  constexpr int kColumns = 8, kRows = 5;
  for (int row = 0; row <= kRows; ++row) {
    const int first = static_cast<int>(mesh.vertices.size()) - (kColumns + 1);
    const double tilt = CV_PI * row / kRows;
    for (int i = 0; i <= kColumns; ++i) {
      const double angle = kTurn * i / kColumns;
      const Vec3 d(std::sin(tilt) * std::cos(angle), std::cos(tilt), std::sin(tilt) * std::sin(angle));
      const Vec3 n = cv::normalize(Vec3(d[0] / radii[0], d[1] / radii[1], d[2] / radii[2]));
      mesh.vertices.push_back(
          {centre + d.mul(radii), n, cv::Vec2d(double(i) / kColumns, double(row) / kRows), static_cast<float>(open)});
    }
    if (row > 0) addStrip(mesh, surface, first, kColumns);
  }
}

void addBox(Mesh& mesh, int surface, const Vec3& low, const Vec3& high, double metresPerTurn) {
  const auto corner = [&](int i) {
    return Vec3(i & 1 ? high[0] : low[0], i & 2 ? high[1] : low[1], i & 4 ? high[2] : low[2]);
  };
  constexpr int kFaces[6][4] = {{0, 1, 3, 2}, {5, 4, 6, 7}, {4, 0, 2, 6}, {1, 5, 7, 3}, {2, 3, 7, 6}, {4, 5, 1, 0}};
  for (const auto& face : kFaces) {
    const Quad quad = {corner(face[0]), corner(face[1]), corner(face[2]), corner(face[3])};
    UvRect uv;
    if (metresPerTurn > 0)
      uv = {0, cv::norm(quad[3] - quad[0]) / metresPerTurn, cv::norm(quad[1] - quad[0]) / metresPerTurn, 0};
    addQuad(mesh, surface, quad, uv);
  }
}

void addDisc(Mesh& mesh, int surface, const Vec3& centre, double radius, double facing) {
  constexpr int kSides = 14;
  const int first = static_cast<int>(mesh.vertices.size());
  const Vec3 n(facing, 0, 0);
  mesh.vertices.push_back({centre, n, {0.5f, 0.5f}, 1.f});
  for (int i = 0; i <= kSides; ++i) {
    const double angle = kTurn * i / kSides, c = std::cos(angle), s = std::sin(angle);
    mesh.vertices.push_back({centre + Vec3(0, s, c) * radius, n, cv::Vec2d(0.5 + 0.5 * c, 0.5 - 0.5 * s), 1.f});
    if (i > 0) mesh.triangles.push_back({first, first + i, first + i + 1, surface});
  }
}

}  // namespace dff::street
