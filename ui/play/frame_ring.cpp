#include "ui/play/frame_ring.h"

#include <algorithm>

namespace dff::ui {
namespace {
constexpr size_t kFramesWanted = 96;  // so that the keys of three intervals of ten and what lies behind are there
constexpr size_t kMostOverUsual = 3;

size_t bytesOf(const Frame& frame) { return frame.rgb.total() * frame.rgb.elemSize(); }
}  // namespace

int64_t FrameRing::distance(int64_t index) const {
  const int64_t ahead = (index - centre_) * direction_;
  return ahead >= 0 ? ahead : -2 * ahead;
}

void FrameRing::put(FramePtr frame) {
  std::lock_guard lock(mutex_);
  auto& slot = frames_[frame->index];
  if (slot) bytes_ -= bytesOf(*slot);
  bytes_ += bytesOf(*frame);
  slot = std::move(frame);
  evict();
}

/// The farthest frame is the first or the last one that may go: distance grows to both sides.
void FrameRing::evict() {
  const auto mayGo = [this](const auto& entry) {
    return std::find(keep_.begin(), keep_.end(), entry.first) == keep_.end();
  };
  while (bytes_ > maxBytes_ && frames_.size() > keep_.size() + 1) {
    const auto first = std::find_if(frames_.begin(), frames_.end(), mayGo);
    const auto last = std::prev(std::find_if(frames_.rbegin(), frames_.rend(), mayGo).base());
    const auto farthest = distance(first->first) > distance(last->first) ? first : last;
    bytes_ -= bytesOf(*farthest->second);
    frames_.erase(farthest);
  }
}

FramePtr FrameRing::get(int64_t index) const {
  std::lock_guard lock(mutex_);
  const auto found = frames_.find(index);
  return found == frames_.end() ? nullptr : found->second;
}

void FrameRing::aim(int64_t centre, int direction, std::vector<int64_t> keep) {
  std::lock_guard lock(mutex_);
  centre_ = centre;
  direction_ = direction < 0 ? -1 : 1;
  keep_ = std::move(keep);
}

void FrameRing::clearFor(size_t bytesPerFrame) {
  clear();
  std::lock_guard lock(mutex_);
  keep_.clear();
  maxBytes_ = std::clamp(kFramesWanted * bytesPerFrame, usualBytes_, kMostOverUsual * usualBytes_);
}

void FrameRing::clear() {
  std::lock_guard lock(mutex_);
  frames_.clear();
  bytes_ = 0;
}

int64_t FrameRing::capacity(size_t bytesPerFrame) const {
  std::lock_guard lock(mutex_);
  return std::max<int64_t>(1, int64_t(maxBytes_ / std::max<size_t>(1, bytesPerFrame)));
}

std::vector<std::pair<int64_t, int64_t>> FrameRing::ranges() const {
  std::lock_guard lock(mutex_);
  std::vector<std::pair<int64_t, int64_t>> runs;
  for (const auto& [index, frame] : frames_) {
    if (runs.empty() || runs.back().second + 1 != index)
      runs.emplace_back(index, index);
    else
      runs.back().second = index;
  }
  return runs;
}

}  // namespace dff::ui
