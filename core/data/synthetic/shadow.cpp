#include "core/data/synthetic/shadow.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace dff::street {
namespace {
constexpr int kSubpixelBits = 4;
constexpr double kContactHeight = 0.6;  // what is lower keeps the sky from the ground beside it

class Painter {
 public:
  Painter(const Vec3& sun, const cv::Rect2d& area, double perMetre) : sun_(sun) {
    out_.x0 = area.x, out_.z0 = area.y, out_.perMetre = perMetre;
    const cv::Size size(cvCeil(area.width * perMetre), cvCeil(area.height * perMetre));
    sunMask_ = cv::Mat(size, CV_8U, cv::Scalar(255));
    skyMask_ = cv::Mat(size, CV_8U, cv::Scalar(255));
  }

  void cast(const std::vector<Vec3>& points, double density) {
    std::vector<cv::Point2f> shadow, contact;
    for (const Vec3& p : points) {
      const double reach = std::min(std::max(p[1], 0.0) / sun_[1], 60.0);
      shadow.push_back(cell(p[0] - sun_[0] * reach, p[2] - sun_[2] * reach));
      if (p[1] < kContactHeight) contact.push_back(cell(p[0], p[2]));
    }
    fillHull(sunMask_, shadow, density);
    fillHull(skyMask_, contact, 0.75 * density);
  }

  GroundLight finish(double sunBlur, double skyBlur) {
    cv::GaussianBlur(sunMask_, sunMask_, {}, sunBlur * out_.perMetre);
    cv::GaussianBlur(skyMask_, skyMask_, {}, skyBlur * out_.perMetre);
    cv::merge(std::vector<cv::Mat>{sunMask_, skyMask_}, out_.light);
    return out_;
  }

 private:
  cv::Point2f cell(double x, double z) const {
    return cv::Point2d((x - out_.x0) * out_.perMetre, (z - out_.z0) * out_.perMetre);
  }

  static void fillHull(cv::Mat& mask, const std::vector<cv::Point2f>& points, double density) {
    if (points.size() < 3) return;
    std::vector<cv::Point2f> hull;
    cv::convexHull(points, hull);
    const cv::Rect box = cv::boundingRect(hull);
    if ((box & cv::Rect({}, mask.size())).empty()) return;
    std::vector<cv::Point> polygon;
    for (const cv::Point2f& p : hull)
      polygon.emplace_back(cvRound(p.x * (1 << kSubpixelBits)), cvRound(p.y * (1 << kSubpixelBits)));
    cv::fillConvexPoly(mask, polygon, cv::Scalar(255 * (1 - density)), cv::LINE_AA, kSubpixelBits);
  }

  Vec3 sun_;
  GroundLight out_;
  cv::Mat sunMask_, skyMask_;
};
}  // namespace

cv::Vec2f GroundLight::at(double x, double z) const {
  const auto fx = static_cast<float>((x - x0) * perMetre - 0.5), fy = static_cast<float>((z - z0) * perMetre - 0.5);
  const int ix = cvFloor(fx), iy = cvFloor(fy);
  if (ix < 0 || iy < 0 || ix + 1 >= light.cols || iy + 1 >= light.rows) return {1, 1};
  const float ax = fx - static_cast<float>(ix), ay = fy - static_cast<float>(iy);
  const auto *top = light.ptr<cv::Vec2b>(iy) + ix, *bottom = light.ptr<cv::Vec2b>(iy + 1) + ix;
  cv::Vec2f result;
  for (int c = 0; c < 2; ++c) {
    const float upper = top[0][c] + (top[1][c] - top[0][c]) * ax,
                lower = bottom[0][c] + (bottom[1][c] - bottom[0][c]) * ax;
    result[c] = (upper + (lower - upper) * ay) / 255.f;
  }
  return result;
}

GroundLight shadowsOfStill(const Scene& scene) {
  constexpr double kMargin = 12;
  double left = 1e9, right = -1e9, front = 1e9, back = -1e9;
  for (double s = scene.plan.firstS; s < scene.plan.lastS; s += 2) {
    const Vec3 p = scene.path.at(s);
    left = std::min(left, p[0] - kMargin), right = std::max(right, p[0] + kMargin);
    front = std::min(front, p[2] - kMargin), back = std::max(back, p[2] + kMargin);
  }
  Painter painter(scene.light.sun, {left, front, right - left, back - front}, 8);
  std::vector<const Caster*> faintestFirst;
  for (const Caster& caster : scene.casters) faintestFirst.push_back(&caster);
  std::stable_sort(faintestFirst.begin(), faintestFirst.end(),
                   [](auto* a, auto* b) { return a->density < b->density; });
  for (const Caster* caster : faintestFirst) painter.cast(caster->points, caster->density);
  return painter.finish(0.12, 0.3);
}

GroundLight shadowsOfMoving(const Scene& scene, const std::vector<Instance>& instances, const Camera& camera) {
  constexpr double kSide = 56, kPerMetre = 12;
  const Vec3 ahead = camera.worldFromRay * Vec3(0, 0, 1);
  const Vec3 centre = camera.position + ahead * (kSide * 0.45);
  const auto snapped = [](double x) { return std::floor(x * kPerMetre) / kPerMetre; };
  Painter painter(scene.light.sun, {snapped(centre[0] - kSide / 2), snapped(centre[2] - kSide / 2), kSide, kSide},
                  kPerMetre);
  std::vector<Vec3> points;
  for (const Instance& instance : instances) {
    if (instance.actor < 0 || cv::norm(instance.pose.t - centre) > kSide) continue;
    points.clear();
    for (const Vertex& v : scene.meshes[instance.mesh].vertices) points.push_back(instance.pose.apply(v.p));
    painter.cast(points, 1);
  }
  return painter.finish(0.07, 0.16);
}

}  // namespace dff::street
