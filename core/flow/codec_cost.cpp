#include "core/flow/codec_cost.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <deque>
#include <vector>

#include "core/flow/chained_motion.h"
#include "core/media/frame_decoder.h"
#include "core/media/motion_collector.h"

namespace dff {
namespace {

constexpr int kRounds = 5, kStride = 8;

/// Processor time of all threads, milliseconds: decoding has threads of its own, and other programs do not count.
double now() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return 1e3 * double(time.tv_sec) + 1e-6 * double(time.tv_nsec);
}

/// The time of `work`, if it is less than what was known.
template <class Work>
void keepLeast(double& least, const Work& work) {
  const double start = now();
  work();
  const double ms = now() - start;
  least = least == 0 ? ms : std::min(least, ms);
}

using Chains = std::vector<std::shared_ptr<const MotionChain>>;

int64_t decodeAll(const std::filesystem::path& video, bool exportsMotion) {
  FrameDecoder decoder(video, 0, exportsMotion);
  int64_t frames = 0;
  while (decoder.next()) ++frames;
  return frames;
}

/// Adds up only what the collector takes.
Chains gatherAll(const std::filesystem::path& video, cv::Size& size, double& ms) {
  FrameDecoder decoder(video, 0);
  const AVCodecParameters& stream = *decoder.demuxer().stream().codecpar;
  if (!MotionCollector::exportsMotion(stream.codec_id))
    fail(video.string(), " is coded as ", avcodec_get_name(stream.codec_id),
         ", which gives no motion vectors; H.264, MPEG-1, MPEG-2 and MPEG-4 do");
  size = {stream.width, stream.height};
  MotionCollector collector(stream.codec_id, {size.width, size.height});
  Chains chains;
  double sum = 0;
  while (const AVFrame* picture = decoder.next()) {
    const double start = now();
    collector.add(*picture, std::ssize(chains));
    sum += now() - start;
    chains.push_back(collector.chain());
  }
  ms = ms == 0 ? sum : std::min(ms, sum);
  return chains;
}

/// Every frame back to its key.
void followAll(const Chains& chains, cv::Size size, int interval) {
  const CellGrid grid{{(size.width + kStride - 1) / kStride, (size.height + kStride - 1) / kStride},
                      cv::Size2d(kStride, kStride)};
  std::deque<StepMotion> steps;  // newest first
  for (size_t i = 0; i < chains.size(); ++i) {
    const auto& all = chains[i]->steps;
    if (!all.empty()) steps.push_front(stepOf(all[0]->field(), size, grid));
    steps.resize(std::min(all.size(), i % size_t(interval)));
    estimateAlong(std::vector(steps.begin(), steps.end()), grid, /*turned=*/false);
  }
}

}  // namespace

CodecCost measureCodecCost(const std::filesystem::path& video, int interval, const JobContext& job) {
  CodecCost cost;
  double with = 0;
  for (int round = 0; round < kRounds; ++round) {
    job.checkStop();
    job.progress(round, kRounds, "timing motion vectors");
    keepLeast(cost.decode, [&] { cost.frames = decodeAll(video, false); });
    keepLeast(with, [&] { decodeAll(video, true); });
    cv::Size size;
    const Chains chains = gatherAll(video, size, cost.gather);
    keepLeast(cost.field, [&] {
      for (const auto& chain : chains)
        if (!chain->steps.empty()) chain->steps.front()->field();
    });
    keepLeast(cost.chain, [&] { followAll(chains, size, interval); });
  }
  if (cost.frames == 0) fail("no frame of ", video.string(), " could be decoded");
  cost.handOver = std::max(0.0, with - cost.decode);
  for (double* ms : {&cost.decode, &cost.handOver, &cost.gather, &cost.field, &cost.chain}) *ms /= double(cost.frames);
  return cost;
}

std::string summary(const CodecCost& c) {
  char lines[400];
  std::snprintf(lines, sizeof lines,
                "motion vectors of %lld frames, ms of processor time a frame (decoding without them: %.3f)\n"
                "  handed over  %.3f\n  gathered     %.3f\n  field        %.3f\n  followed     %.3f\n"
                "  total        %.3f\n",
                static_cast<long long>(c.frames), c.decode, c.handOver, c.gather, c.field, c.chain, c.total());
  return lines;
}

}  // namespace dff
