#include "core/data/motion/view.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/data/motion/sample.h"

namespace dff::motion {
namespace {

constexpr float kTooNear = 2;  // inverse depth, 1/m: nearer surfaces are beside the camera
constexpr float kLeastDivisor = 1e-3F;

/// One surface as the view sees it: where its pixels are in the still, and how near they are.
struct Surface {
  int id;
  cv::Matx33f toStill;
  cv::Vec3f inverseDepth;  // . (x, y, 1) of the view
  cv::Rect domain;         // of the still, beyond its borders for the plate
  cv::Rect target;         // of the view
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
  const cv::Matx33d inverse = fromStill.inv();
  const cv::Vec3d q = inverse.t() * layer.plane;
  const cv::Rect domain = domainOf(layer, scene.labels.size());
  return {id, cv::Matx33f(inverse), cv::Vec3f(q), domain, targetOf(fromStill, domain, scene.labels.size())};
}

/// Draws one row of a surface where it is nearer than what is there.
void drawRow(const Scene& scene, const Surface& surface, View& view, int y, float* nearest) {
  const cv::Mat& owner = scene.layer(surface.id).object ? scene.objectIds : scene.plateIds;
  const cv::Matx33f& m = surface.toStill;
  const cv::Vec3f& q = surface.inverseDepth;
  const float fy = static_cast<float>(y);
  const float ax = m(0, 1) * fy + m(0, 2), ay = m(1, 1) * fy + m(1, 2), aw = m(2, 1) * fy + m(2, 2);
  const float aq = q[1] * fy + q[2];
  uchar* ids = view.ids.ptr(y);
  auto* still = view.still.ptr<cv::Vec2f>(y);
  const cv::Rect domain = surface.domain;
  for (int x = surface.target.x; x < surface.target.br().x; ++x) {
    const float fx = static_cast<float>(x);
    const float w = m(2, 0) * fx + aw, near = q[0] * fx + aq;
    if (near <= nearest[x] || near > kTooNear || w < kLeastDivisor) continue;
    const float inverse = 1 / w, sx = (m(0, 0) * fx + ax) * inverse, sy = (m(1, 0) * fx + ay) * inverse;
    if (!(std::abs(sx) < 1e5F && std::abs(sy) < 1e5F)) continue;
    const int ix = cvRound(sx), iy = cvRound(sy);
    if (ix < domain.x || iy < domain.y || ix >= domain.br().x || iy >= domain.br().y) continue;
    if (owner.ptr(mirrored(iy, owner.rows))[mirrored(ix, owner.cols)] != surface.id) continue;
    nearest[x] = near;
    ids[x] = static_cast<uchar>(surface.id);
    still[x] = {sx, sy};
  }
}

cv::Vec2f stillOf(const cv::Matx33f& toStill, int x, int y) {
  const cv::Vec3f p = toStill * cv::Vec3f(static_cast<float>(x), static_cast<float>(y), 1);
  const float w = std::max(p[2], kLeastDivisor);
  return {std::clamp(p[0] / w, -1e5F, 1e5F), std::clamp(p[1] / w, -1e5F, 1e5F)};
}

/// Gaps of a row get the farther of the surfaces beside them: what a nearer one uncovers lies behind it.
void closeGaps(const std::vector<Surface>& surfaces, View& view, int y, const float* nearest) {
  uchar* ids = view.ids.ptr(y);
  for (int x = 0; x < view.ids.cols; ++x) {
    if (ids[x]) continue;
    int end = x;
    while (end < view.ids.cols && !ids[end]) ++end;
    int from = x > 0 ? x - 1 : end;
    if (x > 0 && end < view.ids.cols && nearest[end] < nearest[x - 1]) from = end;
    const int id = from < view.ids.cols ? ids[from] : y > 0 ? view.ids.at<uchar>(y - 1, x) : 1;
    for (; x < end; ++x) {
      ids[x] = static_cast<uchar>(id);
      view.invented.at<uchar>(y, x) = 255;
      view.still.at<cv::Vec2f>(y, x) = stillOf(surfaces[static_cast<size_t>(id - 1)].toStill, x, y);
    }
  }
}

void paintRow(const Scene& scene, View& view, int y) {
  const auto* still = view.still.ptr<cv::Vec2f>(y);
  for (int x = 0; x < view.ids.cols; ++x) {
    const bool object = scene.layer(view.ids.at<uchar>(y, x)).object && !view.invented.at<uchar>(y, x);
    view.picture.at<cv::Vec3b>(y, x) = sampleMirrored(object ? scene.picture : scene.plate, still[x]);
    view.labels.at<uchar>(y, x) = nearestMirrored(object ? scene.labels : scene.plateLabels, still[x]);
  }
}

}  // namespace

View render(const Scene& scene, const Moment& moment) {
  const cv::Size size = scene.labels.size();
  View view{cv::Mat(size, CV_8UC3),      cv::Mat(size, CV_8U),    cv::Mat::zeros(size, CV_8U),
            cv::Mat::zeros(size, CV_8U), cv::Mat(size, CV_32FC2), {}};
  std::vector<Surface> surfaces;
  for (int id = 1; id <= static_cast<int>(scene.layers.size()); ++id) {
    const Layer& layer = scene.layer(id);
    view.fromStill.push_back(homographyOf(scene.camera, moment.pose, layer.plane, layer.velocity * moment.time));
    surfaces.push_back(surfaceOf(scene, id, view.fromStill.back()));
  }
  std::vector<float> nearest(static_cast<size_t>(size.width));
  for (int y = 0; y < size.height; ++y) {
    std::fill(nearest.begin(), nearest.end(), -1e9F);
    for (const Surface& surface : surfaces)
      if (y >= surface.target.y && y < surface.target.br().y) drawRow(scene, surface, view, y, nearest.data());
    closeGaps(surfaces, view, y, nearest.data());
    paintRow(scene, view, y);
  }
  return view;
}

}  // namespace dff::motion
