#include "core/data/motion/scene.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "core/data/motion/plate.h"
#include "core/data/motion/walls.h"

namespace dff::motion {
namespace {

constexpr int kUpright = 255;        // label of a component of uprights
constexpr int kSmallestObject = 12;  // pixels; smaller ones stay part of what is behind them

cv::Mat maskOf(const cv::Mat& roles, Role role) { return roles == static_cast<int>(role); }

/// Void and everything that stands in the plate.
cv::Mat hasNoSurface(const cv::Mat& roles) {
  return (roles == static_cast<int>(Role::unknown)) | (roles >= static_cast<int>(Role::upright));
}

/// The horizon is a little above the farthest ground seen, unless the view is closed by something near.
double drawHorizon(const cv::Mat& roles, cv::RNG& rng) {
  const double height = roles.rows;
  cv::Mat ground, perRow;
  cv::reduce(maskOf(roles, Role::ground) / 255, perRow, 1, cv::REDUCE_SUM, CV_32S);
  const double few = cv::sum(perRow)[0] * 0.01;
  double seen = 0;
  int top = 0;
  while (top < roles.rows && (seen += perRow.at<int>(top)) <= few) ++top;
  const double horizon = top - height * rng.uniform(0.005, 0.035);
  if (horizon > height * 0.4 && horizon < height * 0.58) return horizon;
  return std::clamp(horizon, height * 0.42, height * 0.56) + height * rng.uniform(-0.02, 0.02);
}

Camera drawCamera(const cv::Mat& roles, cv::RNG& rng) {
  Camera camera;
  camera.focal = roles.cols * rng.uniform(0.85, 1.3);
  camera.height = rng.uniform(1.15, 1.75);
  camera.centre = {roles.cols * (0.5 + rng.gaussian(0.02)), drawHorizon(roles, rng)};
  return camera;
}

struct Component {
  int label;  // class of a mover, kUpright for uprights (a sign and its pole are one)
  cv::Rect box;
  cv::Mat mask;  // inside the box
  int foot;      // one past the last row of the thing itself, without its shadow
};

void findComponents(const cv::Mat& mask, int label, std::vector<Component>& found) {
  const cv::Rect around = cv::boundingRect(mask);
  if (around.empty()) return;
  cv::Mat ids, stats, centres;
  const int count = cv::connectedComponentsWithStats(mask(around), ids, stats, centres, 8, CV_16U);
  for (int i = 1; i < count; ++i) {
    if (stats.at<int>(i, cv::CC_STAT_AREA) < kSmallestObject) continue;
    const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
    found.push_back({label, box + around.tl(), ids(box) == i, around.y + box.br().y});
  }
}

std::vector<Component> allComponents(const cv::Mat& labels, const cv::Mat& roles, const ClassRoles& classes) {
  std::vector<Component> found;
  findComponents(maskOf(roles, Role::upright), kUpright, found);
  for (size_t i = 0; i < classes.size(); ++i)
    if (classes[i].role == Role::mover) findComponents(labels == static_cast<int>(i), static_cast<int>(i), found);
  return found;
}

/// The dark ground right below a mover goes along with it.
void addShadow(Component& part, const cv::Mat& grey, const cv::Mat& roles, double dark) {
  const cv::Rect box(part.box.tl(), cv::Size(part.box.width, part.box.height + part.box.height / 5));
  const cv::Rect inside = box & cv::Rect({}, roles.size());
  cv::Mat mask = cv::Mat::zeros(inside.size(), CV_8U);
  part.mask.copyTo(mask(cv::Rect({}, part.box.size())));
  for (int x = 0; x < inside.width; ++x)
    for (int y = part.box.height / 2; y < inside.height; ++y) {
      const cv::Point p(inside.x + x, inside.y + y);
      const bool shadow = roles.at<uchar>(p) == static_cast<uchar>(Role::ground) && grey.at<uchar>(p) < dark;
      if (shadow && mask.at<uchar>(y - 1, x)) mask.at<uchar>(y, x) = 255;
    }
  part.mask = mask;
  part.box = inside;
}

void addShadows(std::vector<Component>& parts, const cv::Mat& rgb, const cv::Mat& roles) {
  cv::Mat grey;
  cv::cvtColor(rgb, grey, cv::COLOR_RGB2GRAY);
  const double dark = 0.55 * cv::mean(grey, maskOf(roles, Role::ground))[0];
  for (Component& part : parts)
    if (part.label != kUpright && part.box.height >= 8) addShadow(part, grey, roles, dark);
}

/// Everything that lies in the plate: objects removed, void given the role of what is beside it.
cv::Mat makePlate(Scene& scene, const cv::Mat& roles, const cv::Mat& objects) {
  const cv::Mat sources = fillSources(objects);
  scene.plate = takeFrom(scene.picture, sources);
  scene.plateLabels = takeFrom(scene.labels, sources);
  const cv::Mat noRole = hasNoSurface(roles);
  const cv::Mat roleSources = fillSources(noRole);
  cv::Mat plateRoles = takeFrom(roles, roleSources);
  plateRoles.setTo(static_cast<int>(Role::side), hasNoSurface(plateRoles));
  return plateRoles;
}

void addFlat(Scene& scene, const cv::Mat& mask, const Plane& plane) {
  scene.layers.push_back({plane, {}, cv::boundingRect(mask)});
  scene.plateIds.setTo(static_cast<int>(scene.layers.size()), mask);
}

/// One depth for all that is seen of an object: the ground's where its foot is, never behind the plate it hides.
double inverseDepthOf(const Scene& scene, const Component& part, const cv::Mat& plateRoles, cv::RNG& rng) {
  const int x = part.box.x + part.box.width / 2, foot = part.foot;
  const int below = std::min(foot, plateRoles.rows - 1);
  const bool stands = plateRoles.at<uchar>(below, x) == static_cast<uchar>(Role::ground);
  double q = stands ? scene.camera.groundInverseDepth(foot) : 0;
  if (foot >= plateRoles.rows) q *= rng.uniform(1., 1.2);  // the foot is out of the picture, nearer
  const int middle = (part.box.y + foot) / 2;
  if (plateRoles.at<uchar>(middle, x) != static_cast<uchar>(Role::ground) || !stands)
    q = std::max(q, plateInverseDepth(scene, x, middle) * rng.uniform(1.02, stands ? 1.05 : 1.4));
  return std::clamp(q, 1 / 150., 1 / 1.5);
}

void addObject(Scene& scene, const Component& part, double q, cv::RNG& rng) {
  Layer layer;
  layer.plane = uprightPlane(q, part.box.x + part.box.width / 2., rng.uniform(-0.15, 0.15) / part.box.width);
  layer.box = cv::Rect(part.box.x - 1, part.box.y - 1, part.box.width + 2, part.box.height + 2) &
              cv::Rect({}, scene.labels.size());
  layer.object = true;
  layer.label = part.label;
  scene.layers.push_back(layer);
  scene.objectIds(part.box).setTo(static_cast<int>(scene.layers.size()), part.mask);
}

}  // namespace

cv::Mat roleMap(const cv::Mat& labels, const ClassRoles& roles) {
  cv::Mat table(1, 256, CV_8U, cv::Scalar(static_cast<int>(Role::unknown))), out;
  for (size_t i = 0; i < roles.size(); ++i) table.at<uchar>(static_cast<int>(i)) = static_cast<uchar>(roles[i].role);
  cv::LUT(labels, table, out);
  return out;
}

double plateInverseDepth(const Scene& scene, int x, int y) {
  return scene.layer(scene.plateIds.at<uchar>(y, x)).plane.dot(cv::Vec3d(x, y, 1));
}

Scene makeScene(const cv::Mat& rgb, const cv::Mat& labels, const ClassRoles& roles, cv::RNG& rng) {
  Scene scene;
  scene.picture = rgb.clone();
  scene.labels = labels.clone();
  const cv::Mat roleOf = roleMap(labels, roles);
  std::vector<Component> parts = allComponents(labels, roleOf, roles);
  addShadows(parts, rgb, roleOf);
  cv::Mat objects = cv::Mat::zeros(labels.size(), CV_8U);
  for (const Component& part : parts) objects(part.box).setTo(255, part.mask);
  cv::dilate(objects, objects, cv::Mat());  // the mixed pixels of its border belong to the object
  const cv::Mat plateRoles = makePlate(scene, roleOf, objects);
  scene.camera = drawCamera(plateRoles, rng);
  const Camera& c = scene.camera;
  scene.plateIds = cv::Mat::zeros(labels.size(), CV_8U);
  addFlat(scene, maskOf(plateRoles, Role::sky), {0, 0, 0});
  addFlat(scene, maskOf(plateRoles, Role::ground), {0, 1 / (c.focal * c.height), c.groundInverseDepth(0)});
  addWalls(scene, plateRoles, rng);
  if (cv::countNonZero(scene.plateIds == 0) > 0) scene.layers[0].box = cv::Rect({}, labels.size());
  scene.plateIds.setTo(1, scene.plateIds == 0);
  scene.plateLayers = static_cast<int>(scene.layers.size());
  scene.objectIds = cv::Mat::zeros(labels.size(), CV_8U);
  for (const Component& part : parts)
    if (!scene.full()) addObject(scene, part, inverseDepthOf(scene, part, plateRoles, rng), rng);
  cv::Mat grown;
  cv::dilate(scene.objectIds, grown, cv::Mat());
  grown.copyTo(scene.objectIds, scene.objectIds == 0);
  return scene;
}

}  // namespace dff::motion
