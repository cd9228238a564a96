#include "core/data/motion/simulated_motion.h"

#include <algorithm>
#include <cmath>

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

/// Follows the surfaces of the current view to where the key shows them.
class Follower {
 public:
  Follower(const Scene& scene, const View& key, const View& cur) : scene_(scene), key_(key), cur_(cur) {
    for (size_t i = 0; i < scene.layers.size(); ++i) keyFromCur_.push_back(key.fromStill[i] * cur.fromStill[i].inv());
  }

  void followRow(int y, MotionPair& pair) const {
    const uchar* ids = cur_.ids.ptr(y);
    auto* flow = pair.keyFromCur.ptr<cv::Vec2f>(y);
    for (int x = 0; x < cur_.ids.cols; ++x) {
      const cv::Vec3d to = project(keyFromCur_[ids[x] - 1U], x, y);
      flow[x] = {bounded(to[0] - x), bounded(to[1] - y)};
      if (scene_.layer(ids[x]).velocity != cv::Vec3d()) pair.moving.at<uchar>(y, x) = 255;
      if (to[2] > 0 && !cur_.invented.at<uchar>(y, x) && keyShows(ids[x], to)) pair.valid.at<uchar>(y, x) = 255;
    }
  }

 private:
  /// What passes beside the camera has no place in the key; its flow only has to stay a number.
  float bounded(double flow) const {
    const double most = 4. * cur_.ids.cols;
    return static_cast<float>(std::isfinite(flow) ? std::clamp(flow, -most, most) : 0);
  }

  bool keyShows(int id, const cv::Vec3d& at) const {
    if (!(at[0] >= 0 && at[1] >= 0 && at[0] <= key_.ids.cols - 1 && at[1] <= key_.ids.rows - 1)) return false;
    const cv::Point nearest(cvRound(at[0]), cvRound(at[1]));
    return key_.ids.at<uchar>(nearest) == id && !key_.invented.at<uchar>(nearest);
  }

  const Scene& scene_;
  const View &key_, &cur_;
  std::vector<cv::Matx33d> keyFromCur_;  // by layer
};

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
  const Follower follower(scene, key, cur);
  for (int y = 0; y < size.height; ++y) follower.followRow(y, pair);
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
  if (pair.key.data == pair.cur.data) {  // without motion both are the still
    pair.cur = pair.key.clone();
    pair.curLabels = pair.keyLabels.clone();
  }
  if (options.photometric) {
    varyPhotometry(pair.key, rng);
    varyPhotometry(pair.cur, rng);
  }
  return pair;
}

}  // namespace dff
