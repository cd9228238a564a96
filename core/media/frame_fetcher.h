#pragma once
#include <map>

#include "core/media/frame_source.h"

namespace dff {

/// Frames of a source by number, in any order: what was decoded lately is kept, within a bound of memory.
class FrameFetcher {
 public:
  FrameFetcher(std::unique_ptr<FrameSource> source, size_t maxBytes)
      : source_(std::move(source)), maxBytes_(maxBytes) {}

  /// Frame `index`, 0 .. frames-1; null when it is lost to damage. Throws Error when the source fails.
  FramePtr frame(int64_t index);
  const SourceInfo& info() const { return source_->info(); }

 private:
  void keep(const FramePtr& frame);

  std::unique_ptr<FrameSource> source_;
  size_t maxBytes_;
  int64_t next_ = 0;  // what the source gives next
  std::map<int64_t, FramePtr> kept_;
  std::map<int64_t, int64_t> usedAt_;
  int64_t uses_ = 0;
  size_t bytes_ = 0;
};

}  // namespace dff
