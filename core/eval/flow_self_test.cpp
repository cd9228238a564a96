#include "core/eval/flow_self_test.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <opencv2/imgproc.hpp>

#include "core/data/synthetic/street.h"
#include "core/flow/flow_source.h"
#include "core/media/flow_file.h"
#include "core/media/frame_source.h"
#include "core/media/video_writer.h"
#include "core/model/dff_model.h"
#include "core/run/engine.h"

namespace dff {
namespace {
namespace fs = std::filesystem;

constexpr int kLast = 4;            // frames from the key to the current one
constexpr double kMostError = 0.5;  // of the motion's length
constexpr double kFps = 15;

/// A motion: where a point of frame t stands in frame 0.
struct Motion {
  const char* name;
  cv::Matx23d (*toFirst)(double t, cv::Point2d centre);
};

cv::Matx23d turned(double degrees, double size, cv::Point2d centre) {
  const double c = std::cos(degrees * CV_PI / 180) * size, s = std::sin(degrees * CV_PI / 180) * size;
  return {c, -s, centre.x - c * centre.x + s * centre.y, s, c, centre.y - s * centre.x - c * centre.y};
}
cv::Matx23d translation(double t, cv::Point2d) { return {1, 0, 3 * t, 0, 1, -2 * t}; }
cv::Matx23d rotation(double t, cv::Point2d centre) { return turned(t, 1, centre); }
cv::Matx23d zoom(double t, cv::Point2d centre) { return turned(0, std::pow(0.985, t), centre); }

constexpr Motion kMotions[] = {{"translation", translation}, {"rotation", rotation}, {"zoom", zoom}};

cv::Point2d applied(const cv::Matx23d& m, cv::Point2d p) {
  return {m(0, 0) * p.x + m(0, 1) * p.y + m(0, 2), m(1, 0) * p.x + m(1, 1) * p.y + m(1, 2)};
}

/// Exact flow from frame `from` to frame `to`, pixels.
cv::Mat exactFlow(const Motion& motion, int from, int to, cv::Size size) {
  const cv::Point2d centre(size.width / 2., size.height / 2.);
  cv::Matx23d back;
  cv::invertAffineTransform(motion.toFirst(to, centre), back);
  const auto there = motion.toFirst(from, centre);
  cv::Mat flow(size, CV_32FC2);
  flow.forEach<cv::Vec2f>([&](cv::Vec2f& v, const int* at) {
    const cv::Point2d p(at[1], at[0]), q = applied(back, applied(there, p));
    v = {float(q.x - p.x), float(q.y - p.y)};
  });
  return flow;
}

/// A clip of the motion, without B-frames and with one reference, and the flow of each frame to the one before.
void makeClip(const Motion& motion, const cv::Mat& picture, const fs::path& folder) {
  fs::create_directories(folder / "flow");
  VideoWriterOptions options;
  options.width = picture.cols, options.height = picture.rows, options.fps = kFps;
  options.encoderOptions = "bf=0:refs=1:crf=12";
  VideoWriter writer(folder / "clip.mp4", options);
  const cv::Point2d centre(picture.cols / 2., picture.rows / 2.);
  for (int t = 0; t <= kLast; ++t) {
    cv::Mat shown;
    cv::warpAffine(picture, shown, motion.toFirst(t, centre), picture.size(), cv::INTER_CUBIC | cv::WARP_INVERSE_MAP,
                   cv::BORDER_REFLECT_101);
    writer.write(shown, t / kFps, 1 / kFps);
    char name[16];
    std::snprintf(name, sizeof name, "%06d.flo", t);
    if (t > 0) writeFlo(folder / "flow" / name, exactFlow(motion, t, t - 1, picture.size()));
  }
  writer.finish();
}

/// Summed lengths over the cells whose point the key shows.
struct Lengths {
  double error = 0, motion = 0;
};

Lengths compared(const FlowEstimate& estimate, const cv::Mat& exact, const NetInput& input, int stride) {
  const auto flow = estimate.keyFromCur.contiguous();
  const auto* values = flow.data_ptr<float>();
  const int64_t rows = flow.size(2), columns = flow.size(3);
  const double across = stride / input.scale.width, down = stride / input.scale.height;
  Lengths sum;
  for (int64_t y = 0; y < rows; ++y)
    for (int64_t x = 0; x < columns; ++x) {
      const cv::Point p(int((double(x) + 0.5) * across), int((double(y) + 0.5) * down));
      if (p.x >= exact.cols || p.y >= exact.rows) continue;
      const auto truth = exact.at<cv::Vec2f>(p);
      const cv::Point2d key(p.x + truth[0], p.y + truth[1]);
      if (!cv::Rect2d(0, 0, exact.cols, exact.rows).contains(key)) continue;
      const float *dx = values + y * columns + x, *dy = dx + rows * columns;
      sum.error += std::hypot(*dx * across - truth[0], *dy * down - truth[1]);
      sum.motion += std::hypot(truth[0], truth[1]);
    }
  return sum;
}

SelfTestCheck checkSource(const std::string& name, const std::string& called, const Motion& motion,
                          const fs::path& folder, const Package& package) {
  const auto source = openSource(folder / "clip.mp4");
  const auto flow = makeFlowSource(called, package.model);
  std::vector<NetInput> inputs;
  while (FramePtr frame = source->next())
    inputs.push_back(netInput(frame, networkSize(frame->rgb.size(), package.spec.input), package.spec));
  const FlowCode key = flow->encode(inputs.front());
  const auto start = std::chrono::steady_clock::now();
  const FlowEstimate estimate = flow->estimate(flow->encode(inputs.back()), key);
  const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  const cv::Mat exact = exactFlow(motion, kLast, 0, inputs.back().frame->rgb.size());
  const Lengths sum = compared(estimate, exact, inputs.back(), package.spec.stride());
  char what[96];
  std::snprintf(what, sizeof what, "%s: %s, error over motion (%.1f ms)", name.c_str(), motion.name, ms);
  return {what, sum.error / sum.motion, kMostError, false};
}

}  // namespace

std::vector<SelfTestCheck> flowSelfTest(const Package& package, const fs::path& folder, const JobContext& job) {
  const InferenceScope scope(0);
  StreetOptions street;
  const cv::Mat picture = SyntheticStreet(street).render(0).rgb;
  std::vector<SelfTestCheck> checks;
  for (const Motion& motion : kMotions) {
    const fs::path clip = folder / motion.name;
    makeClip(motion, picture, clip);
    for (const auto& name : flowSourceNames()) {
      job.checkStop();
      if (!flowKnowsMotion(name)) continue;
      const std::string called = flowNeedsArgument(name) ? name + ":" + (clip / "flow").string() : name;
      checks.push_back(checkSource(name, called, motion, clip, package));
    }
  }
  return checks;
}

}  // namespace dff
