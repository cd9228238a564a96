#include "core/data/synthetic/raster.h"

#include <algorithm>

#include "core/data/synthetic/shadow.h"

// Homogeneous rasterisation (Olano and Greer 1997): with the three corners in camera coordinates as the columns of M,
// inverse(M) times a pixel's ray gives the corners' weights over depth, also where corners lie behind the camera.
namespace dff::street {
namespace {
constexpr double kNear = 0.25, kFar = 700;
constexpr double kOverlap = 2e-3;  // pixels that neighbours overlap, so that no crack shows between them

struct Corner {
  Vec3 camera;
  double sun, open;
};

struct Edges {
  double x[4], y[4], c[4];  // inside where every x*px + y*py + c >= 0
  int top, bottom;
};

class Rasterizer {
 public:
  Rasterizer(const Scene& scene, const Camera& camera, const ShadowMap* shadows)
      : scene_(scene), camera_(camera), shadows_(shadows), stamp_(camera.height, camera.width, CV_32S, cv::Scalar(-1)) {
    out_.face = cv::Mat(camera.height, camera.width, CV_32S, cv::Scalar(-1));
    out_.inverse = cv::Mat(camera.height, camera.width, CV_32F, cv::Scalar(0));
    out_.uncovered.assign(scene.actors.size(), 0);
  }

  void draw(const Instance& instance, int index) {
    const Mesh& mesh = scene_.meshes[instance.mesh];
    if (!mayBeSeen(mesh, instance)) return;
    transform(mesh, instance);
    for (const Triangle& triangle : mesh.triangles) draw(mesh, triangle, instance, index);
  }

  GBuffer take() { return std::move(out_); }

 private:
  bool mayBeSeen(const Mesh& mesh, const Instance& instance) const {
    const Vec3 c = camera_.toCamera(instance.pose.apply(mesh.centre));
    const double r = mesh.radius, tanX = camera_.centreX / camera_.focal, tanY = camera_.centreY / camera_.focal;
    return c[2] > kNear - r && c[2] < kFar + r && std::abs(c[0]) - r * std::hypot(1, tanX) < c[2] * tanX &&
           std::abs(c[1]) - r * std::hypot(1, tanY) < c[2] * tanY;
  }

  void transform(const Mesh& mesh, const Instance& instance) {
    const double sunlit = instance.actor < 0 || !shadows_ ? 1 : shadows_->sun(instance.pose.t);
    const cv::Matx33d cameraFromLocal = camera_.worldFromRay.t() * instance.pose.r;
    const Vec3 offset = camera_.toCamera(instance.pose.t), sun = instance.pose.r.t() * scene_.light.sun;
    const Vec3 up = instance.pose.r.t() * Vec3(0, 1, 0);
    corners_.clear();
    for (const Vertex& v : mesh.vertices) {
      const Vec3 n = v.n;
      corners_.push_back({cameraFromLocal * Vec3(v.p) + offset, sunlit * std::max(0.0, n.dot(sun)),
                          v.open * (0.72 + 0.28 * n.dot(up))});
    }
  }

  Plane plane(const cv::Matx33d& weights, double a, double b, double c) const {
    const Vec3 q(a * weights(0, 0) + b * weights(1, 0) + c * weights(2, 0),
                 a * weights(0, 1) + b * weights(1, 1) + c * weights(2, 1),
                 a * weights(0, 2) + b * weights(1, 2) + c * weights(2, 2));
    const double f = camera_.focal;
    return {static_cast<float>(q[0] / f), static_cast<float>(q[1] / f),
            static_cast<float>(q[2] - (q[0] * camera_.centreX + q[1] * camera_.centreY) / f)};
  }

  void draw(const Mesh& mesh, const Triangle& triangle, const Instance& instance, int index) {
    const Corner &a = corners_[triangle.a], &b = corners_[triangle.b], &c = corners_[triangle.c];
    if (a.camera[2] < kNear && b.camera[2] < kNear && c.camera[2] < kNear) return;
    const cv::Matx33d m(a.camera[0], b.camera[0], c.camera[0], a.camera[1], b.camera[1], c.camera[1], a.camera[2],
                        b.camera[2], c.camera[2]);
    const double det = cv::determinant(m);
    if (std::abs(det) < 1e-9) return;
    Edges edges;
    const cv::Matx33d weights = m.inv();
    if (!edgesOf(weights, {&a.camera, &b.camera, &c.camera}, edges)) return;
    const Vertex &va = mesh.vertices[triangle.a], &vb = mesh.vertices[triangle.b], &vc = mesh.vertices[triangle.c];
    Face face;
    face.inverse = plane(weights, 1, 1, 1);
    face.u = plane(weights, va.uv[0], vb.uv[0], vc.uv[0]);
    face.v = plane(weights, va.uv[1], vb.uv[1], vc.uv[1]);
    face.sun = plane(weights, a.sun, b.sun, c.sun);
    face.open = plane(weights, a.open, b.open, c.open);
    face.surface = triangle.surface, face.instance = index;
    face.upward = (instance.pose.r * Vec3(va.n))[1] > 0.15;
    face.lod = levelAtUnitDepth(face);
    out_.faces.push_back(face);
    fill(face, edges, instance.actor);
  }

  // The area of the texture under a pixel grows with the cube of the depth, whatever the slope.
  float levelAtUnitDepth(const Face& f) const {
    const cv::Matx33d planes(f.u.x, f.u.y, f.u.c, f.v.x, f.v.y, f.v.c, f.inverse.x, f.inverse.y, f.inverse.c);
    const cv::Mat& texture = scene_.textures[scene_.surfaces[f.surface].texture].levels[0];
    const double texels = std::abs(cv::determinant(planes)) * texture.cols * texture.rows;
    return static_cast<float>(0.5 * std::log2(std::max(texels, 1e-20)) + 0.2);
  }

  bool edgesOf(const cv::Matx33d& weights, const std::array<const Vec3*, 3>& corners, Edges& edges) const {
    for (int i = 0; i < 4; ++i) {
      const Plane p = plane(weights, i == 0 || i == 3, i == 1 || i == 3, i == 2 || i == 3);
      const double sign = i == 3 ? -1 : 1;  // the fourth: 1/z <= 1/near
      edges.x[i] = sign * p.x, edges.y[i] = sign * p.y, edges.c[i] = sign * p.c + (i == 3 ? 1 / kNear : 0);
    }
    double top = 1e9, bottom = -1e9, left = 1e9, right = -1e9;
    for (const Vec3* corner : corners) {
      if ((*corner)[2] < kNear) {
        edges.top = 0, edges.bottom = camera_.height - 1;
        return true;
      }
      const cv::Point2d p = camera_.project(*corner);
      top = std::min(top, p.y), bottom = std::max(bottom, p.y);
      left = std::min(left, p.x), right = std::max(right, p.x);
    }
    edges.top = std::max(0, cvCeil(std::max(top, 0.0) - 0.5 - kOverlap));
    edges.bottom = std::min(camera_.height - 1, cvFloor(std::min(bottom, 1e6) - 0.5 + kOverlap));
    return right > 0 && left < camera_.width && edges.top <= edges.bottom;
  }

  void fill(const Face& face, const Edges& edges, int actor) {
    const int id = static_cast<int>(out_.faces.size()) - 1;
    for (int row = edges.top; row <= edges.bottom; ++row) {
      double first = 0, last = camera_.width - 1;
      for (int i = 0; i < 4 && first <= last; ++i) {
        const double rest = edges.y[i] * (row + 0.5) + edges.c[i];
        if (edges.x[i] > 0)
          first = std::max(first, -rest / edges.x[i] - 0.5 - kOverlap);
        else if (edges.x[i] < 0)
          last = std::min(last, -rest / edges.x[i] - 0.5 + kOverlap);
        else if (rest < 0)
          last = -1;
      }
      if (first > last) continue;
      const cv::Range span(cvCeil(first), cvFloor(last) + 1);
      if (actor >= 0) stamp(row, span, actor);
      if (scene_.surfaces[face.surface].cut)
        fillCut(face, row, span, id);
      else
        fillSolid(face, row, span, id);
    }
  }

  void stamp(int row, cv::Range span, int actor) {
    int* stamps = stamp_.ptr<int>(row);
    for (int x = span.start; x < span.end; ++x) {
      out_.uncovered[actor] += stamps[x] != actor;
      stamps[x] = actor;
    }
  }

  void fillSolid(const Face& face, int row, cv::Range span, int id) {
    float* inverse = out_.inverse.ptr<float>(row);
    int* ids = out_.face.ptr<int>(row);
    const float start = face.inverse.y * (static_cast<float>(row) + 0.5f) + face.inverse.c;
    for (int x = span.start; x < span.end; ++x) {
      const float iz = face.inverse.x * (static_cast<float>(x) + 0.5f) + start;
      const bool nearer = iz > inverse[x];
      inverse[x] = nearer ? iz : inverse[x];
      ids[x] = nearer ? id : ids[x];
    }
  }

  void fillCut(const Face& face, int row, cv::Range span, int id) {
    float* inverse = out_.inverse.ptr<float>(row);
    int* ids = out_.face.ptr<int>(row);
    const Texture& texture = scene_.textures[scene_.surfaces[face.surface].texture];
    const float y = static_cast<float>(row) + 0.5f;
    for (int x = span.start; x < span.end; ++x) {
      const float px = static_cast<float>(x) + 0.5f, iz = face.inverse.at(px, y);
      if (iz <= inverse[x]) continue;
      const float z = 1 / iz;
      const cv::Mat& level = texture.level(face.lod + 1.5f * std::log2(z));
      if (nearestTexel(level, face.u.at(px, y) * z, face.v.at(px, y) * z)[3] < 128) continue;
      inverse[x] = iz;
      ids[x] = id;
    }
  }

  const Scene& scene_;
  const Camera& camera_;
  const ShadowMap* shadows_;
  std::vector<Corner> corners_;
  cv::Mat stamp_;
  GBuffer out_;
};
}  // namespace

GBuffer rasterize(const Scene& scene, const std::vector<Instance>& instances, const Camera& camera,
                  const ShadowMap* shadows) {
  Rasterizer rasterizer(scene, camera, shadows);
  for (size_t i = 0; i < instances.size(); ++i) rasterizer.draw(instances[i], static_cast<int>(i));
  return rasterizer.take();
}

}  // namespace dff::street
