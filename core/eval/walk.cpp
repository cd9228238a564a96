#include "core/eval/walk.h"

#include <algorithm>
#include <opencv2/core.hpp>

#include "core/run/run_report.h"

namespace dff {
void AtDistance::add(const FrameTruth& truth, const Result& result, const cv::Mat& perFrameLabels) {
  scores.add(truth, result);
  if (!result.labels.empty()) agreement.add(result.labels, perFrameLabels);
  ms += inferenceMs(result.times);
  detectMs += std::max(0.0, result.times[Stage::Detect]);
  ++frames;
}

Walk::Walk(Engine& engine, const Dataset& data, int largest)
    : engine_(engine),
      data_(data),
      atDistance_(size_t(largest), AtDistance(engine.spec())),
      perFrame_(engine.spec()),
      keyConsistency_(size_t(largest)),
      twoKeys_(engine.readsAhead() && largest > 1) {
  engine_.setFrames([&data](int64_t at) { return data.frame(at); });
}

void Walk::run(int64_t before, const JobContext& job, const std::string& what) {
  for (int64_t i = 0; i < data_.size(); ++i) {
    job.checkStop();
    job.progress(i, data_.size(), what);
    const FramePlace place = data_.place(i);
    // The last frame would be a key itself.
    if (place.at - place.first < before || (twoKeys_ && place.at == place.last)) continue;
    score(i, place);
    known_.erase(known_.begin(), known_.lower_bound(place.at - 2 * interval()));
    blended_.erase(blended_.begin(), blended_.lower_bound({place.at - interval(), 0}));
  }
  job.progress(data_.size(), data_.size(), what);
}

const Walk::Known& Walk::known(int64_t at) {
  auto [found, isNew] = known_.try_emplace(at);
  if (!isNew) return found->second;
  StageTimes times;
  found->second.key = engine_.makeKey(data_.frame(at), times);
  found->second.result = engine_.resultOfKey(*found->second.key, times);
  return found->second;
}

/// A key as it is read: blended with the keys before and after it where the engine does so.
const Walk::Known& Walk::blended(const FramePlace& place, int64_t before, int64_t at) {
  if (!twoKeys_ || !engine_.aggregatesKeys()) return known(at);
  auto [found, isNew] = blended_.try_emplace({at, before});
  if (!isNew) return found->second;
  const int64_t after = std::min(at + interval(), place.last);
  const auto keyAt = [&](int64_t n) { return n >= place.first && n != at ? known(n).key : KeyPtr(); };
  StageTimes times = known(at).result.times;
  for (Stage stage : {Stage::Head, Stage::Post, Stage::Detect}) times[stage] = -1;  // they run again
  found->second.key = engine_.aggregate(known(at).key, keyAt(before), keyAt(after), times);
  found->second.result = engine_.resultOfKey(*found->second.key, times);
  return found->second;
}

/// The key d frames before a place, and the one after it.
std::pair<const Walk::Known*, const Walk::Known*> Walk::keysAround(const FramePlace& place, int64_t d) {
  const int64_t previous = place.at - d, next = std::min(previous + interval(), place.last);
  return {&blended(place, previous - interval(), previous), twoKeys_ ? &blended(place, previous, next) : nullptr};
}

void Walk::score(int64_t index, const FramePlace& place) {
  const FrameTruth truth = truthOf(data_, index, engine_.spec());
  const Result ofFrame = known(place.at).result;
  perFrame_.add(truth, ofFrame, ofFrame.labels);
  Said said{place.at, ofFrame.labels, {}};
  for (int64_t d = 0; d < interval(); ++d) {
    const auto [previous, next] = keysAround(place, d);
    const Result result =
        d == 0 ? previous->result : engine_.propagate(ofFrame.frame, previous->key, next ? next->key : nullptr);
    AtDistance& at = atDistance_[size_t(d)];
    at.add(truth, result, ofFrame.labels);
    said.labels.push_back(result.labels);
    if (d > 0 && data_.consecutive())
      if (const auto motion = data_.motion(index, index - d)) addEndPointErrors(result, *motion, at.endPointError);
  }
  compareWithBefore(said, ofFrame.frame);
}

/// A run that is at distance d now was at d - 1 with the frame before; one that has a new key was at the largest.
void Walk::compareWithBefore(const Said& now, const FramePtr& frame) {
  if (now.perFrame.empty()) return;
  neutral_.next(frame->rgb);
  if (before_.at >= 0 && before_.at == now.at - 1) {
    std::vector<cv::Mat> moved;
    for (const auto& labels : before_.labels) moved.push_back(neutral_.moved(labels));
    perFrame_.consistency.add(now.perFrame, neutral_.moved(before_.perFrame));
    for (size_t d = 0; d < moved.size(); ++d) {
      keyConsistency_[d].add(now.labels[0], moved[d]);
      if (d > 0) atDistance_[d].consistency.add(now.labels[d], moved[d - 1]);
    }
  }
  before_ = now;
}

}  // namespace dff
