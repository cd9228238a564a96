#include "core/data/motion/view.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/data/motion/sample.h"

namespace dff::motion {
namespace {

constexpr float kTooNear = 2;             // inverse depth, 1/m: nearer surfaces are beside the camera
constexpr float kFarthestGround = 1e-3F;  // inverse depth, 1/m
constexpr float kLeastDivisor = 1e-3F;
constexpr float kFarAway = 1e5F;  // pixels

/// One surface as the view sees it: where its pixels are in the still, and how near they are.
struct Surface {
  int id;
  cv::Matx33f toStill;
  cv::Vec3f inverseDepth;  // . (x, y, 1) of the view
  cv::Rect domain;         // of the still, beyond its borders for the plate
  cv::Rect target;         // of the view
};

/// The road between the camera and the lower border of the still is not seen; it continues there as the metres beyond
/// that border do, mirrored. This keeps the grain of its texture, and works behind the still's camera, too.
class NearGround {
 public:
  NearGround(const Camera& camera, int height)
      : centre_(camera.centre),
        step_(static_cast<float>(camera.focal * camera.height)),
        nearest_(1 / static_cast<float>(camera.groundInverseDepth(height - 1))) {}

  /// `p` is the still's homogeneous point, `q` the inverse depth in the view: p[2] / q is the depth in the still.
  bool holds(const cv::Vec3f& p, float q) const { return p[2] < nearest_ * q; }
  cv::Vec2f sample(const cv::Vec3f& p, float q) const {
    const float depth = 2 * nearest_ - p[2] / q;
    return {centre_.x + (p[0] - centre_.x * p[2]) / (q * depth), centre_.y + step_ / depth};
  }

 private:
  cv::Point2f centre_;
  float step_, nearest_;
};

/// A plate layer that reaches the border of the still goes on beyond it, mirrored.
cv::Rect domainOf(const Layer& layer, const cv::Size& size) {
  if (layer.object) return layer.box;
  const int x0 = layer.box.x > 0 ? layer.box.x : -size.width, y0 = layer.box.y > 0 ? layer.box.y : -size.height;
  const int x1 = layer.box.br().x < size.width ? layer.box.br().x : 2 * size.width;
  const int y1 = layer.box.br().y < size.height ? layer.box.br().y : 2 * size.height;
  return {x0, y0, x1 - x0, y1 - y0};
}

cv::Rect targetOf(const cv::Matx33d& fromStill, const cv::Rect& domain, const cv::Size& size) {
  const cv::Rect whole({}, size);
  double x0 = 1e9, y0 = 1e9, x1 = -1e9, y1 = -1e9;
  for (int corner = 0; corner < 4; ++corner) {
    const cv::Vec3d p =
        project(fromStill, corner & 1 ? domain.br().x : domain.x - 1, corner & 2 ? domain.br().y : domain.y - 1);
    if (p[2] < kLeastDivisor) return whole;  // it reaches behind the camera
    x0 = std::min(x0, p[0]), x1 = std::max(x1, p[0]);
    y0 = std::min(y0, p[1]), y1 = std::max(y1, p[1]);
  }
  const auto pixel = [](double v) { return static_cast<int>(std::clamp(v, -1e6, 1e6)); };
  return cv::Rect(cv::Point(pixel(x0) - 1, pixel(y0) - 1), cv::Point(pixel(x1) + 2, pixel(y1) + 2)) & whole;
}

Surface surfaceOf(const Scene& scene, int id, const cv::Matx33d& fromStill) {
  const Layer& layer = scene.layer(id);
  const cv::Size size = scene.labels.size();
  const cv::Matx33d inverse = fromStill.inv();
  const cv::Vec3d q = inverse.t() * layer.plane;
  const cv::Rect domain = domainOf(layer, size);
  const cv::Rect target = id == Scene::kGround ? cv::Rect({}, size) : targetOf(fromStill, domain, size);
  return {id, cv::Matx33f(inverse), cv::Vec3f(q), domain, target};
}

/// Draws the rows of one view, surface by surface.
class Painter {
 public:
  Painter(const Scene& scene, View& view)
      : scene_(scene),
        view_(view),
        nearGround_(scene.camera, scene.labels.rows),
        nearest_(static_cast<size_t>(scene.labels.cols)) {}

  void startRow() { std::fill(nearest_.begin(), nearest_.end(), -1e9F); }
  void drawRow(const Surface& surface, int y);
  void closeGaps(const std::vector<Surface>& surfaces, int y);
  void colourRow(int y);

 private:
  bool sampleOf(const Surface& surface, const cv::Vec3f& p, float q, cv::Vec2f& sample) const;

  const Scene& scene_;
  View& view_;
  NearGround nearGround_;
  std::vector<float> nearest_;  // inverse depth of what the row shows so far
};

/// Where the still shows the point; false outside the part of the still that may belong to the surface.
inline bool Painter::sampleOf(const Surface& surface, const cv::Vec3f& p, float q, cv::Vec2f& sample) const {
  if (surface.id == Scene::kGround && nearGround_.holds(p, q)) {
    if (q < kFarthestGround) return false;
    sample = nearGround_.sample(p, q);
    return std::abs(sample[0]) < kFarAway;
  }
  if (p[2] < kLeastDivisor) return false;
  const float inverse = 1 / p[2];
  sample = {p[0] * inverse, p[1] * inverse};
  const cv::Rect_<float> d(surface.domain);
  return sample[0] > d.x - 0.5F && sample[0] < d.x + d.width - 0.5F && sample[1] > d.y - 0.5F &&
         sample[1] < d.y + d.height - 0.5F;
}

void Painter::drawRow(const Surface& surface, int y) {
  const cv::Mat& owner = surface.id > scene_.plateLayers ? scene_.objectIds : scene_.plateIds;
  const cv::Matx33f& m = surface.toStill;
  const cv::Vec3f& plane = surface.inverseDepth;
  const float fy = static_cast<float>(y), rowQ = plane[1] * fy + plane[2];
  const cv::Vec3f step(m(0, 0), m(1, 0), m(2, 0)), row = m * cv::Vec3f(0, fy, 1);
  uchar* ids = view_.ids.ptr(y);
  auto* samples = view_.samples.ptr<cv::Vec2f>(y);
  float* nearest = nearest_.data();
  cv::Vec2f sample;
  for (int x = surface.target.x; x < surface.target.br().x; ++x) {
    const float fx = static_cast<float>(x), q = plane[0] * fx + rowQ;
    if (q <= nearest[x] || q > kTooNear) continue;
    const cv::Vec3f p(step[0] * fx + row[0], step[1] * fx + row[1], step[2] * fx + row[2]);
    if (!sampleOf(surface, p, q, sample) || nearestMirrored(owner, sample) != surface.id) continue;
    nearest[x] = q;
    ids[x] = static_cast<uchar>(surface.id);
    samples[x] = sample;
  }
}

cv::Vec2f stretched(const cv::Matx33f& toStill, int x, int y) {
  const cv::Vec3f p = toStill * cv::Vec3f(static_cast<float>(x), static_cast<float>(y), 1);
  const float w = std::max(p[2], kLeastDivisor);
  return {std::clamp(p[0] / w, -kFarAway, kFarAway), std::clamp(p[1] / w, -kFarAway, kFarAway)};
}

/// Gaps of a row get the farther of the surfaces beside them: what a nearer one uncovers lies behind it.
void Painter::closeGaps(const std::vector<Surface>& surfaces, int y) {
  uchar* ids = view_.ids.ptr(y);
  const int width = view_.ids.cols;
  const auto nearAt = [&](int x) { return nearest_[static_cast<size_t>(x)]; };
  for (int x = 0; x < width; ++x) {
    if (ids[x]) continue;
    int end = x;
    while (end < width && !ids[end]) ++end;
    const bool fromRight = end < width && (x == 0 || nearAt(end) < nearAt(x - 1));
    const int from = fromRight ? end : x - 1;
    const int id = from >= 0 ? ids[from] : y > 0 ? view_.ids.at<uchar>(y - 1, x) : Scene::kSky;
    for (; x < end; ++x) {
      ids[x] = static_cast<uchar>(id);
      view_.invented.at<uchar>(y, x) = 255;
      view_.samples.at<cv::Vec2f>(y, x) = stretched(surfaces[static_cast<size_t>(id - 1)].toStill, x, y);
    }
  }
}

void Painter::colourRow(int y) {
  const auto* samples = view_.samples.ptr<cv::Vec2f>(y);
  const uchar *ids = view_.ids.ptr(y), *invented = view_.invented.ptr(y);
  auto* picture = view_.picture.ptr<cv::Vec3b>(y);
  uchar* labels = view_.labels.ptr(y);
  for (int x = 0; x < view_.ids.cols; ++x) {
    const bool object = ids[x] > scene_.plateLayers && !invented[x];
    picture[x] = sampleMirrored(object ? scene_.picture : scene_.plate, samples[x]);
    labels[x] = nearestMirrored(object ? scene_.labels : scene_.plateLabels, samples[x]);
  }
}

/// The still itself.
View unmoved(const Scene& scene) {
  View view{scene.picture, scene.labels, scene.plateIds.clone(), cv::Mat::zeros(scene.labels.size(), CV_8U), {}, {}};
  scene.objectIds.copyTo(view.ids, scene.objectIds);
  view.fromStill.assign(scene.layers.size(), cv::Matx33d::eye());
  return view;
}

}  // namespace

View render(const Scene& scene, const Moment& moment) {
  if (moment.time == 0) return unmoved(scene);
  const cv::Size size = scene.labels.size();
  View view{cv::Mat(size, CV_8UC3),      cv::Mat(size, CV_8U),    cv::Mat::zeros(size, CV_8U),
            cv::Mat::zeros(size, CV_8U), cv::Mat(size, CV_32FC2), {}};
  std::vector<Surface> surfaces;
  for (int id = 1; id <= static_cast<int>(scene.layers.size()); ++id) {
    const Layer& layer = scene.layer(id);
    view.fromStill.push_back(homographyOf(scene.camera, moment.pose, layer.plane, layer.velocity * moment.time));
    surfaces.push_back(surfaceOf(scene, id, view.fromStill.back()));
  }
  Painter painter(scene, view);
  for (int y = 0; y < size.height; ++y) {
    painter.startRow();
    for (const Surface& surface : surfaces)
      if (y >= surface.target.y && y < surface.target.br().y) painter.drawRow(surface, y);
    painter.closeGaps(surfaces, y);
    painter.colourRow(y);
  }
  return view;
}

}  // namespace dff::motion
