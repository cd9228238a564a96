#include "core/data/motion/movers.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <optional>

namespace dff::motion {
namespace {

constexpr int kSmallestCutArea = 250, kSmallestCutHeight = 20;  // pixels: below, a cut-out is only a blot
constexpr double kMostEnlargement = 1.6;

struct Cut {
  int label;
  cv::Mat rgb, alpha;  // CV_8UC3, CV_8U
  double exposure;     // mean grey of the picture it comes from
};

/// Wholly seen, and large enough to be placed nearer or farther.
bool usable(const cv::Mat& stats, int i, const cv::Size& size) {
  const int x = stats.at<int>(i, cv::CC_STAT_LEFT), y = stats.at<int>(i, cv::CC_STAT_TOP);
  const int width = stats.at<int>(i, cv::CC_STAT_WIDTH), height = stats.at<int>(i, cv::CC_STAT_HEIGHT);
  return stats.at<int>(i, cv::CC_STAT_AREA) >= kSmallestCutArea && height >= kSmallestCutHeight && x > 1 && y > 1 &&
         x + width < size.width - 1 && y + height < size.height - 1;
}

double exposureOf(const cv::Mat& rgb) {
  const cv::Scalar mean = cv::mean(rgb);
  return (mean[0] + mean[1] + mean[2]) / 3 + 1;
}

std::optional<Cut> cutFrom(const LabelledImage& image, int label, cv::RNG& rng) {
  const cv::Mat mask = image.labels == label;
  const cv::Rect around = cv::boundingRect(mask);
  if (around.area() < kSmallestCutArea) return {};
  cv::Mat ids, stats, centres;
  const int count = cv::connectedComponentsWithStats(mask, ids, stats, centres, 8, CV_16U);
  std::vector<int> good;
  for (int i = 1; i < count; ++i)
    if (usable(stats, i, mask.size())) good.push_back(i);
  if (good.empty()) return {};
  const int i = good[static_cast<size_t>(rng.uniform(0, static_cast<int>(good.size())))];
  const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT) - 1, stats.at<int>(i, cv::CC_STAT_TOP) - 1,
                     stats.at<int>(i, cv::CC_STAT_WIDTH) + 2, stats.at<int>(i, cv::CC_STAT_HEIGHT) + 2);
  return Cut{label, image.rgb(box).clone(), ids(box) == i, exposureOf(image.rgb)};
}

std::optional<Cut> drawCut(std::span<const LabelledImage> bank, const ClassRoles& roles, cv::RNG& rng) {
  std::vector<int> movers;
  for (size_t i = 0; i < roles.size(); ++i)
    if (roles[i].role == Role::mover) movers.push_back(static_cast<int>(i));
  if (bank.empty() || movers.empty()) return {};
  const int label = movers[static_cast<size_t>(rng.uniform(0, static_cast<int>(movers.size())))];
  for (int attempt = 0; attempt < 4; ++attempt)
    if (auto cut = cutFrom(bank[static_cast<size_t>(rng.uniform(0, static_cast<int>(bank.size())))], label, rng))
      return cut;
  return {};
}

/// Mirrored half the time, and as bright as the picture it goes into, more or less.
void recolour(Cut& cut, double exposure, cv::RNG& rng) {
  if (rng.uniform(0, 2)) {
    cv::flip(cut.rgb, cut.rgb, 1);
    cv::flip(cut.alpha, cut.alpha, 1);
  }
  const double gain = std::clamp(exposure / cut.exposure, 0.5, 2.2) * rng.uniform(0.75, 1.25);
  const cv::Scalar gains(gain * rng.uniform(0.9, 1.1), gain * rng.uniform(0.9, 1.1), gain * rng.uniform(0.9, 1.1));
  cv::multiply(cut.rgb, gains, cut.rgb);
}

/// Where a mover may stand.
struct Place {
  double q;        // inverse depth, 1/m
  cv::Point foot;  // pixel
};

std::optional<Place> drawPlace(const Scene& scene, const ClassRole& role, int cutHeight, cv::RNG& rng) {
  const Camera& c = scene.camera;
  const double nearest = std::min(1 / 3.5, kMostEnlargement * cutHeight / (c.focal * role.height));
  for (int attempt = 0; attempt < 8; ++attempt) {
    const double q = std::max(1 / 40., nearest * rng.uniform(0.1, 1.));
    const cv::Point foot(rng.uniform(0, scene.labels.cols), cvRound(c.centre.y + q * c.focal * c.height));
    if (foot.y < 2 || foot.y >= scene.labels.rows) continue;
    if (scene.plateIds.at<uchar>(foot) == Scene::kGround) return Place{q, foot};
  }
  return {};
}

void blend(cv::Vec3b& to, const cv::Vec3b& from, int alpha) {
  for (int i = 0; i < 3; ++i) to[i] = static_cast<uchar>((from[i] * alpha + to[i] * (255 - alpha) + 127) / 255);
}

/// Paints the cut-out over everything that is not nearer.
void paste(Scene& scene, const Cut& cut, const Layer& layer, cv::Point at) {
  const uchar id = static_cast<uchar>(scene.layers.size());
  for (int y = layer.box.y; y < layer.box.br().y; ++y)
    for (int x = layer.box.x; x < layer.box.br().x; ++x) {
      const int alpha = cut.alpha.at<uchar>(y - at.y, x - at.x);
      uchar& owner = scene.objectIds.at<uchar>(y, x);
      const cv::Vec3d pixel(x, y, 1);
      if (alpha < 16 || (owner && scene.layer(owner).plane.dot(pixel) > layer.plane.dot(pixel))) continue;
      blend(scene.picture.at<cv::Vec3b>(y, x), cut.rgb.at<cv::Vec3b>(y - at.y, x - at.x), alpha);
      if (alpha >= 128) scene.labels.at<uchar>(y, x) = static_cast<uchar>(layer.label);
      owner = id;
    }
}

void stand(Scene& scene, Cut cut, const ClassRole& role, const Place& place, cv::RNG& rng) {
  const double height = scene.camera.focal * role.height * rng.uniform(0.88, 1.12) * place.q;
  const double scale = height / cut.alpha.rows;
  const int interpolation = scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR;
  const cv::Size size(cvRound(cut.alpha.cols * scale), cvRound(height));
  if (size.width < 2 || size.height < 4) return;
  cv::resize(cut.rgb, cut.rgb, size, 0, 0, interpolation);
  cv::resize(cut.alpha, cut.alpha, size, 0, 0, interpolation);
  cv::GaussianBlur(cut.alpha, cut.alpha, {3, 3}, 0);
  Layer layer;
  layer.object = true;
  layer.label = cut.label;
  const cv::Point at(place.foot.x - size.width / 2, place.foot.y - size.height + 1);
  layer.box = cv::Rect(at, size) & cv::Rect({}, scene.labels.size());
  if (layer.box.empty()) return;
  layer.plane = uprightPlane(place.q, place.foot.x, rng.uniform(-0.15, 0.15) / size.width);
  scene.layers.push_back(layer);
  paste(scene, cut, layer, at);
}

}  // namespace

void pasteMovers(Scene& scene, std::span<const LabelledImage> bank, const MotionOptions& options, cv::RNG& rng) {
  const int count = rng.uniform(0, options.maxPasted + 1);
  for (int i = 0; i < count && !scene.full(); ++i) {
    std::optional<Cut> cut = drawCut(bank, options.roles, rng);
    if (!cut) continue;
    recolour(*cut, exposureOf(scene.plate), rng);
    const ClassRole& role = options.roles[static_cast<size_t>(cut->label)];
    if (const auto place = drawPlace(scene, role, cut->alpha.rows, rng)) stand(scene, *cut, role, *place, rng);
  }
}

}  // namespace dff::motion
