#include "core/data/motion/walls.h"

#include <algorithm>
#include <array>

namespace dff::motion {
namespace {

constexpr double kFarthest = 1 / 150., kNearest = 1 / 2.5;  // inverse depth of walls, 1/m

/// What one class looks like in every column.
struct Columns {
  std::vector<int> top, bottom;  // first and one past the last row, -1 where the class is absent
  std::vector<bool> onGround;    // ground lies directly below
};

Columns columnsOf(const Scene& scene, const cv::Mat& roles, int label) {
  const size_t width = static_cast<size_t>(roles.cols);
  Columns c{std::vector<int>(width, -1), std::vector<int>(width, -1), std::vector<bool>(width)};
  for (int y = 0; y < roles.rows; ++y) {
    const uchar* role = roles.ptr(y);
    const uchar* wall = scene.plateLabels.ptr(y);
    for (size_t x = 0; x < width; ++x) {
      if (role[x] != static_cast<uchar>(Role::side) || wall[x] != label) continue;
      if (c.top[x] < 0) c.top[x] = y;
      c.bottom[x] = y + 1;
    }
  }
  for (size_t x = 0; x < width; ++x)
    c.onGround[x] = c.bottom[x] > 0 && c.bottom[x] < roles.rows &&
                    roles.at<uchar>(c.bottom[x], static_cast<int>(x)) == static_cast<uchar>(Role::ground);
  return c;
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<long>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// A line through the medians of the left and the right half: one bad contact row (a parked car) does not tilt it.
Plane fitPlane(const std::vector<cv::Point2d>& contacts) {
  std::array<std::vector<double>, 2> q;
  for (size_t i = 0; i < contacts.size(); ++i) q[i < contacts.size() / 2 ? 0 : 1].push_back(contacts[i].y);
  const double x0 = contacts[contacts.size() / 4].x, x1 = contacts[contacts.size() * 3 / 4].x;
  const double right = median(q[1]), left = q[0].empty() ? right : median(q[0]);
  const double slope = x1 > x0 ? (right - left) / (x1 - x0) : 0;
  return {slope, 0, left - slope * x0};
}

/// Keeps the plane in front of the camera over the columns of its box.
Plane bounded(const Plane& plane, const cv::Rect& box) {
  const double x0 = box.x, x1 = box.x + box.width;
  const double q0 = std::clamp(plane[0] * x0 + plane[2], kFarthest, kNearest);
  const double q1 = std::clamp(plane[0] * x1 + plane[2], kFarthest, kNearest);
  const double slope = (q1 - q0) / (x1 - x0);
  return {slope, 0, q0 - slope * x0};
}

/// Inverse depth of the nearest thing that stands on the ground in a column, or 0.
double frontInverseDepth(const Scene& scene, const cv::Mat& roles, int x) {
  int y = roles.rows - 1;
  while (y >= 0 && roles.at<uchar>(y, x) == static_cast<uchar>(Role::ground)) --y;
  return scene.camera.groundInverseDepth(y + 1);
}

struct WallRun {
  int label, begin, end;     // columns
  double startInverseDepth;  // where the run before it ended, or 0 for a step in depth
};

Plane planeOf(const Scene& scene, const cv::Mat& roles, const Columns& columns, const WallRun& run, cv::RNG& rng) {
  std::vector<cv::Point2d> contacts, hidden;
  for (int x = run.begin; x < run.end; ++x) {
    const size_t i = static_cast<size_t>(x);
    if (columns.top[i] < 0) continue;
    if (columns.onGround[i])
      contacts.emplace_back(x, scene.camera.groundInverseDepth(columns.bottom[i]));
    else
      hidden.emplace_back(x, frontInverseDepth(scene, roles, x));
  }
  if (contacts.size() >= 4 && contacts.size() * 4 >= hidden.size()) return fitPlane(contacts) * rng.uniform(0.9, 1.1);
  if (hidden.size() < 4) return {0, 0, 1 / rng.uniform(20., 80.)};
  return fitPlane(hidden) * rng.uniform(0.5, 0.95);  // behind what stands before it
}

/// Turns the plane so that it goes on where the run before it ended.
Plane joined(const Plane& plane, const WallRun& run) {
  if (run.startInverseDepth <= 0) return plane;
  const double end = plane[0] * run.end + plane[2];
  const double slope = (end - run.startInverseDepth) / (run.end - run.begin);
  return {slope, 0, end - slope * run.end};
}

/// Returns the inverse depth at the run's end, or 0 where nothing is.
double addRun(Scene& scene, const cv::Mat& roles, const Columns& columns, const WallRun& run, cv::RNG& rng) {
  int top = roles.rows, bottom = 0;
  for (size_t x = static_cast<size_t>(run.begin); x < static_cast<size_t>(run.end); ++x) {
    if (columns.top[x] < 0) continue;
    top = std::min(top, columns.top[x]);
    bottom = std::max(bottom, columns.bottom[x]);
  }
  if (bottom <= top || scene.full()) return 0;
  Layer layer;
  layer.box = {run.begin, top, run.end - run.begin, bottom - top};
  layer.plane = bounded(joined(planeOf(scene, roles, columns, run, rng), run), layer.box);
  scene.layers.push_back(layer);
  const uchar id = static_cast<uchar>(scene.layers.size());
  for (int y = top; y < bottom; ++y)
    for (int x = run.begin; x < run.end; ++x)
      if (roles.at<uchar>(y, x) == static_cast<uchar>(Role::side) && scene.plateLabels.at<uchar>(y, x) == run.label)
        scene.plateIds.at<uchar>(y, x) = id;
  return layer.plane[0] * run.end + layer.plane[2];
}

}  // namespace

void addWalls(Scene& scene, const cv::Mat& roles, cv::RNG& rng) {
  std::array<bool, 256> present{};
  for (int y = 0; y < roles.rows; ++y)
    for (int x = 0; x < roles.cols; ++x)
      if (roles.at<uchar>(y, x) == static_cast<uchar>(Role::side)) present[scene.plateLabels.at<uchar>(y, x)] = true;
  const int width = roles.cols, middle = static_cast<int>(scene.camera.centre.x);
  for (int label = 0; label < 256; ++label) {
    if (!present[static_cast<size_t>(label)]) continue;
    const Columns columns = columnsOf(scene, roles, label);
    double last = 0;
    for (int x = 0; x < width;) {
      int end = std::min(width, x + std::max(8, static_cast<int>(width * rng.uniform(0.08, 0.35))));
      if (x < middle && end > middle) end = middle;  // the two sides of the street
      const bool step = x == middle || rng.uniform(0., 1.) < 0.3;
      last = addRun(scene, roles, columns, {label, x, end, step ? 0 : last}, rng);
      x = end;
    }
  }
}

}  // namespace dff::motion
