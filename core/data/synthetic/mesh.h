#pragma once
#include <array>
#include <vector>

#include "core/data/synthetic/geometry.h"

namespace dff::street {

/// How a set of triangles looks and what it is.
struct Surface {
  int texture = 0;
  uchar label = 0;          ///< CamVid class index
  bool cut = false;         ///< the texture's fourth channel is coverage; both sides show
  bool ground = false;      ///< receives cast shadows
  cv::Vec3f tint{1, 1, 1};  ///< multiplies the texture's colour
  float sheen = 0;          ///< share of sky mirrored by faces that look up (car paint, glass)
};

struct Vertex {
  cv::Vec3f p, n;  ///< position and unit normal in the mesh's own coordinates
  cv::Vec2f uv;    ///< turns of the texture
  float open = 1;  ///< share of the sky seen (ambient occlusion), 0 .. 1
};

struct Triangle {
  int a, b, c, surface;
};

struct Mesh {
  std::vector<Vertex> vertices;
  std::vector<Triangle> triangles;
  Vec3 centre;  ///< of a sphere around everything, set by finish()
  double radius = 0;

  void finish();
};

/// Where on the texture a quad's first (bottom left) and third (top right) corner lie.
struct UvRect {
  double u0 = 0, v0 = 1, u1 = 1, v1 = 0;
};

/// Corners as seen from the front: bottom left, bottom right, top right, top left.
using Quad = std::array<Vec3, 4>;
void addQuad(Mesh& mesh, int surface, const Quad& quad, UvRect uv = {}, cv::Vec2d openBottomTop = {1, 1});

/// A cone frustum without caps from `a` (radius ra) to `b`, smoothly lit.
struct Tube {
  Vec3 a, b;
  double ra = 0.1, rb = 0.1;
  int sides = 8;
  double open = 1;
};
void addTube(Mesh& mesh, int surface, const Tube& tube);

/// An ellipsoid, smoothly lit.
void addBall(Mesh& mesh, int surface, const Vec3& centre, const Vec3& radii, double open = 1);

/// Six faces; each shows the texture once, or `metresPerTurn` of it when above 0.
void addBox(Mesh& mesh, int surface, const Vec3& low, const Vec3& high, double metresPerTurn = 0);

/// A flat disc around `centre` with its face along x (sign of `facing`); the texture's inscribed circle.
void addDisc(Mesh& mesh, int surface, const Vec3& centre, double radius, double facing);

}  // namespace dff::street
