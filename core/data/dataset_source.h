#pragma once
#include <map>

#include "core/data/dataset.h"
#include "core/media/frame_source.h"

namespace dff {

/// The pictures of a data set that is one video, labelled or not, as a source of frames numbered from 0.
class DatasetSource : public FrameSource {
 public:
  /// `data` must outlive it. Throws Error where the data set is stills, or more than one video.
  explicit DatasetSource(const Dataset& data);
  const SourceInfo& info() const override { return info_; }
  FramePtr next() override { return at_ < std::ssize(info_.times) ? frame(at_++) : nullptr; }
  void seek(int64_t index) override { at_ = index; }
  const std::vector<std::string>& warnings() const override { return warnings_; }

  /// A frame by its number.
  FramePtr frame(int64_t number) const;
  /// Which of the data set's labelled frames stands where: its index there by the frame's number here.
  const std::map<int64_t, int64_t>& labelled() const { return labelled_; }

 private:
  const Dataset& data_;
  SourceInfo info_;
  std::vector<std::string> warnings_;
  std::map<int64_t, int64_t> labelled_;
  int64_t first_ = 0;  // place of frame 0 in the data set
  int64_t at_ = 0;
};

}  // namespace dff
