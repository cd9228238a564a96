#include "core/eval/self_test.h"

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/data/synthetic/synthesize.h"
#include "core/eval/flow_self_test.h"
#include "core/media/frame_source.h"
#include "core/model/find_model.h"
#include "core/run/pipeline.h"
#include "core/task/confusion.h"

namespace dff {
namespace {

constexpr int kFrames = 24, kInterval = 4;
constexpr uint64_t kSeed = 7;

/// What a run over the synthetic video gathered.
struct Tally {
  explicit Tally(int classes) : labels(classes) {}
  ConfusionMatrix labels;
  double error = 0, motion = 0;  ///< summed lengths, pixels: of estimated less true flow, and of the true flow
  int64_t points = 0, frames = 0, keys = 0;
};

/// Compares flow at every cell's centre whose surface the key frame shows too.
void compareFlow(const Result& r, const SyntheticStreet& street, Tally& tally) {
  const auto truth = street.motion(int(r.frame->index), int(r.keyFrame));
  const float cellX = float(r.frame->rgb.cols) / r.gridInFrame.width,
              cellY = float(r.frame->rgb.rows) / r.gridInFrame.height;
  for (int y = 0; y < int(r.gridInFrame.height); ++y)
    for (int x = 0; x < int(r.gridInFrame.width); ++x) {
      const cv::Point p(int((float(x) + 0.5f) * cellX), int((float(y) + 0.5f) * cellY));
      if (!truth.visible.at<uint8_t>(p)) continue;
      const auto exact = truth.flow.at<cv::Vec2f>(p), cells = r.keyFromCur.at<cv::Vec2f>(y, x);
      tally.error += std::hypot(cells[0] * cellX - exact[0], cells[1] * cellY - exact[1]);
      tally.motion += std::hypot(exact[0], exact[1]);
      ++tally.points;
    }
}

Tally runOver(const std::string& video, const SyntheticStreet& street, const Package& package, const std::string& flow,
              const JobContext& job) {
  EngineOptions options;
  options.flow = flow;
  Engine engine(package, options, job);
  KeyPlan plan({kInterval, 0, true});
  const auto source = openSource(video);
  Tally tally(int(package.spec.classes.size()));
  const auto sink = [&](Result& r) {
    tally.labels.add(street.render(int(r.frame->index)).labels, r.labels);
    if (!r.keyFromCur.empty()) compareFlow(r, street, tally);
    ++tally.frames;
    tally.keys += r.isKey;
  };
  runFrames(*source, engine, plan, {}, sink, job);
  return tally;
}

}  // namespace

std::vector<SelfTestCheck> selfTest(const std::string& model, const std::filesystem::path& folder,
                                    const JobContext& job) {
  const Package package = loadPackage(findModel(model));
  SynthOptions synth;
  synth.street.seed = kSeed;
  synth.street.frames = kFrames;
  synth.output = (folder / "street").string();
  synthesize(synth, job);
  const SyntheticStreet street(synth.street);
  const std::string video = (folder / "street" / "video.mp4").string();
  std::vector<SelfTestCheck> checks;
  for (const char* flow : {"flownet", "search"}) {
    const Tally t = runOver(video, street, package, flow, job);
    const std::string name = flow;
    checks.push_back({name + ": frames decoded, recognised and counted", double(t.frames), double(kFrames), true});
    checks.push_back({name + ": key frames, one in " + std::to_string(kInterval), double(t.keys),
                      double(kFrames / kInterval), true});
    checks.push_back({name + ": mIoU against the exact classes", t.labels.meanIou(), 0.2, true});
    checks.push_back({name + ": end-point error over the length of the motion", t.error / t.motion, 0.6, false});
  }
  for (auto& check : flowSelfTest(package, folder, job)) checks.push_back(std::move(check));
  return checks;
}

}  // namespace dff
