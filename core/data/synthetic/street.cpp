#include "core/data/synthetic/street.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/data/synthetic/scene.h"
#include "core/data/synthetic/shade.h"

namespace dff {
using namespace street;

namespace street {
/// What a SyntheticStreet keeps: the scene and the shadows that stand still.
struct Stage {
  Scene scene;
  GroundLight still;
};
}  // namespace street

namespace {
void checkOptions(StreetOptions& options) {
  fields(options, [](const char* name, const auto& value, const char*, Bounds bounds = {}) {
    if (static_cast<double>(value) < bounds.min || static_cast<double>(value) > bounds.max)
      fail("synthetic street: \"", name, "\" is ", value, ", must lie in ", bounds.min, " .. ", bounds.max);
  });
}

struct View {
  Camera camera;
  std::vector<Instance> instances;
};

View viewAt(const Scene& scene, const StreetOptions& options, int frame) {
  const double time = frame / options.fps;
  return {placeCamera(scene, options, time), placeInstances(scene, time)};
}

cv::Mat labelsOf(const Scene& scene, const GBuffer& pixels) {
  cv::Mat labels(pixels.face.size(), CV_8U);
  for (int y = 0; y < labels.rows; ++y)
    for (int x = 0; x < labels.cols; ++x) {
      const int id = pixels.face.at<int>(y, x);
      labels.at<uchar>(y, x) = id < 0 ? Sky : scene.surfaces[pixels.faces[id].surface].label;
    }
  return labels;
}

struct Extent {
  int left = 1 << 30, top = 1 << 30, right = -1, bottom = -1, pixels = 0;
};

std::vector<StreetBox> boxesOf(const Scene& scene, const View& view, const GBuffer& pixels) {
  constexpr int kFewestPixels = 12;
  std::vector<Extent> extents(scene.actors.size());
  for (int y = 0; y < pixels.face.rows; ++y)
    for (int x = 0; x < pixels.face.cols; ++x) {
      const int id = pixels.face.at<int>(y, x);
      const int actor = id < 0 ? -1 : view.instances[pixels.faces[id].instance].actor;
      if (actor < 0) continue;
      Extent& e = extents[actor];
      e.left = std::min(e.left, x), e.right = std::max(e.right, x);
      e.top = std::min(e.top, y), e.bottom = std::max(e.bottom, y);
      ++e.pixels;
    }
  std::vector<StreetBox> boxes;
  for (size_t i = 0; i < extents.size(); ++i) {
    const Extent& e = extents[i];
    if (e.pixels < kFewestPixels) continue;
    const double visibility = std::min(1.0, double(e.pixels) / std::max(1, pixels.uncovered[i]));
    boxes.push_back({cv::Rect2d(e.left, e.top, e.right - e.left + 1, e.bottom - e.top + 1), scene.actors[i].boxClass,
                     static_cast<int>(i) + 1, visibility});
  }
  return boxes;
}

/// Looks up where the points of one view lie in another.
class Follower {
 public:
  Follower(const View& from, const GBuffer& fromPixels, const View& to, const GBuffer& toPixels)
      : from_(from), to_(to), fromPixels_(fromPixels), toPixels_(toPixels) {
    for (size_t i = 0; i < from.instances.size(); ++i)
      step_.push_back(to.instances[i].pose * inverse(from.instances[i].pose));
  }

  void follow(int x, int y, cv::Vec2f& flow, uchar& visible) const {
    const int id = fromPixels_.face.at<int>(y, x);
    const double px = x + 0.5, py = y + 0.5;
    const Vec3 ray = from_.camera.worldFromRay * from_.camera.ray(px, py);
    Vec3 landing;
    if (id < 0) {
      landing = to_.camera.worldFromRay.t() * ray;
    } else {
      const double z = 1 / static_cast<double>(fromPixels_.inverse.at<float>(y, x));
      landing = to_.camera.toCamera(step_[fromPixels_.faces[id].instance].apply(from_.camera.position + ray * z));
    }
    landing[2] = std::max(landing[2], 0.05);  // behind the camera: far outside, on the side it left
    const cv::Point2d p = to_.camera.project(landing);
    flow = {static_cast<float>(p.x - px), static_cast<float>(p.y - py)};
    visible = seen(id, p, landing[2]) ? 255 : 0;
  }

 private:
  static Pose inverse(const Pose& pose) { return {pose.r.t(), pose.r.t() * pose.t * -1.0}; }

  bool seen(int id, const cv::Point2d& p, double z) const {
    if (p.x < 0 || p.y < 0 || p.x >= to_.camera.width || p.y >= to_.camera.height) return false;
    const int other = toPixels_.face.at<int>(static_cast<int>(p.y), static_cast<int>(p.x));
    if (id < 0 || other < 0) return id < 0 && other < 0;
    const Face& face = toPixels_.faces[other];
    if (face.instance != fromPixels_.faces[id].instance) return false;
    const double there = face.inverse.at(static_cast<float>(p.x), static_cast<float>(p.y));
    return std::abs(there * z - 1) < 0.01;
  }

  const View &from_, &to_;
  const GBuffer &fromPixels_, &toPixels_;
  std::vector<Pose> step_;
};
}  // namespace

SyntheticStreet::SyntheticStreet(StreetOptions options) : options_(options) {
  checkOptions(options_);
  auto stage = std::make_unique<Stage>(Stage{buildScene(options_), {}});
  stage->still = shadowsOfStill(stage->scene);
  stage_ = std::move(stage);
}

SyntheticStreet::~SyntheticStreet() = default;
SyntheticStreet::SyntheticStreet(SyntheticStreet&&) noexcept = default;
SyntheticStreet& SyntheticStreet::operator=(SyntheticStreet&&) noexcept = default;

StreetFrame SyntheticStreet::render(int frame) const {
  const Scene& scene = stage_->scene;
  const View view = viewAt(scene, options_, frame);
  const GBuffer truth = rasterize(scene, view.instances, view.camera, nullptr);
  const ShadowMap shadows{&stage_->still, shadowsOfMoving(scene, view.instances, view.camera)};
  const Camera fine = view.camera.finer(2);
  const GBuffer colour = rasterize(scene, view.instances, fine, &shadows);
  StreetFrame out;
  out.labels = labelsOf(scene, truth);
  out.boxes = boxesOf(scene, view, truth);
  const uint64_t grain = options_.seed * 7919 + static_cast<uint64_t>(frame);
  out.rgb = expose(shade(scene, colour, fine, shadows), scene.light.noise, grain);
  return out;
}

StreetMotion SyntheticStreet::motion(int from, int to) const {
  const Scene& scene = stage_->scene;
  const View fromView = viewAt(scene, options_, from), toView = viewAt(scene, options_, to);
  const GBuffer fromPixels = rasterize(scene, fromView.instances, fromView.camera, nullptr);
  const GBuffer toPixels = rasterize(scene, toView.instances, toView.camera, nullptr);
  const Follower follower(fromView, fromPixels, toView, toPixels);
  StreetMotion motion{cv::Mat(options_.height, options_.width, CV_32FC2),
                      cv::Mat(options_.height, options_.width, CV_8U)};
  for (int y = 0; y < options_.height; ++y)
    for (int x = 0; x < options_.width; ++x)
      follower.follow(x, y, motion.flow.at<cv::Vec2f>(y, x), motion.visible.at<uchar>(y, x));
  return motion;
}

}  // namespace dff
