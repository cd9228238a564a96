#include "core/data/motion/simulated_motion.h"

#include "core/data/motion/movers.h"
#include "core/data/motion/photometry.h"
#include "core/data/motion/smooth_motion.h"
#include "core/data/motion/view.h"

namespace dff {
namespace {

using namespace motion;

void check(const LabelledImage& still) {
  if (still.rgb.type() != CV_8UC3 || still.labels.type() != CV_8U || still.rgb.size() != still.labels.size() ||
      still.rgb.cols < 8 || still.rgb.rows < 8)
    fail("simulated motion: the still is ", still.rgb.cols, "x", still.rgb.rows, " with labels ", still.labels.cols,
         "x", still.labels.rows, "; give 8-bit RGB and 8-bit labels of one size, at least 8x8");
}

/// Follows a current pixel through the still into the key.
void followPixel(const Scene& scene, const View& key, const View& cur, cv::Point p, MotionPair& pair) {
  const int id = cur.ids.at<uchar>(p);
  const cv::Vec2f& still = cur.still.at<cv::Vec2f>(p);
  const cv::Vec3d to = project(key.fromStill[static_cast<size_t>(id - 1)], still[0], still[1]);
  const bool ahead = to[2] > 1e-3;
  const double most = 4. * key.ids.cols;  // what passes beside the camera has no place in the key
  const cv::Point2d at(ahead ? std::clamp(to[0], p.x - most, p.x + most) : p.x,
                       ahead ? std::clamp(to[1], p.y - most, p.y + most) : p.y);
  pair.keyFromCur.at<cv::Vec2f>(p) = {static_cast<float>(at.x - p.x), static_cast<float>(at.y - p.y)};
  if (scene.layer(id).velocity != cv::Vec3d()) pair.moving.at<uchar>(p) = 255;
  if (!ahead || cur.invented.at<uchar>(p) || at.x < 0 || at.y < 0 || at.x > key.ids.cols - 1 || at.y > key.ids.rows - 1)
    return;
  const cv::Point seen(cvRound(at.x), cvRound(at.y));
  if (key.ids.at<uchar>(seen) == id && !key.invented.at<uchar>(seen)) pair.valid.at<uchar>(p) = 255;
}

MotionPair streetMotion(const LabelledImage& still, std::span<const LabelledImage> bank, const MotionOptions& options,
                        cv::RNG& rng) {
  Scene scene = makeScene(still.rgb, still.labels, options.roles, rng);
  pasteMovers(scene, bank, options, rng);
  const Trajectory trajectory = drawTrajectory(options, rng);
  drawVelocities(scene, options, trajectory.speed, rng);
  const View key = render(scene, trajectory.key), cur = render(scene, trajectory.cur);
  const cv::Size size = still.rgb.size();
  MotionPair pair{key.picture,
                  cur.picture,
                  cv::Mat(size, CV_32FC2),
                  key.labels,
                  cur.labels,
                  cv::Mat::zeros(size, CV_8U),
                  cv::Mat::zeros(size, CV_8U)};
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) followPixel(scene, key, cur, {x, y}, pair);
  return pair;
}

}  // namespace

MotionPair simulateMotion(const LabelledImage& still, std::span<const LabelledImage> moverBank,
                          const MotionOptions& options, uint64_t seed) {
  check(still);
  cv::RNG rng(seed * 0x9E3779B97F4A7C15ULL + 0x632BE59BD9B4E019ULL);  // neighbouring seeds must not give like streams
  for (int i = 0; i < 4; ++i) rng.next();
  const bool smooth = rng.uniform(0., 1.) < options.randomShare;
  MotionPair pair = smooth ? smoothMotion(still, rng) : streetMotion(still, moverBank, options, rng);
  if (options.photometric) {
    varyPhotometry(pair.key, rng);
    varyPhotometry(pair.cur, rng);
  }
  return pair;
}

}  // namespace dff
