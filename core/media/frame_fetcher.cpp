#include "core/media/frame_fetcher.h"

#include <algorithm>

namespace dff {
namespace {
constexpr int64_t kReadOn = 24;  // frames ahead that are decoded on the way rather than sought

size_t bytesOf(const Frame& frame) { return frame.rgb.total() * frame.rgb.elemSize(); }
}  // namespace

void FrameFetcher::keep(const FramePtr& frame) {
  usedAt_[frame->index] = ++uses_;
  if (!kept_.emplace(frame->index, frame).second) return;
  bytes_ += bytesOf(*frame);
  while (bytes_ > maxBytes_ && kept_.size() > 1) {
    const auto oldest = std::min_element(usedAt_.begin(), usedAt_.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; });
    bytes_ -= bytesOf(*kept_.at(oldest->first));
    kept_.erase(oldest->first);
    usedAt_.erase(oldest);
  }
}

FramePtr FrameFetcher::frame(int64_t index) {
  if (const auto found = kept_.find(index); found != kept_.end()) {
    usedAt_[index] = ++uses_;
    return found->second;
  }
  if (index < next_ || index > next_ + kReadOn) source_->seek(next_ = index);
  while (FramePtr frame = source_->next()) {
    next_ = frame->index + 1;
    keep(frame);
    if (frame->index == index) return frame;
    if (frame->index > index) break;
  }
  return nullptr;
}

}  // namespace dff
