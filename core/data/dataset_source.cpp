#include "core/data/dataset_source.h"

#include "core/base/error.h"

namespace dff {

DatasetSource::DatasetSource(const Dataset& data) : data_(data) {
  if (data.size() == 0) fail("the data set holds no frame");
  const FramePlace video = data.place(0);
  first_ = video.first;
  for (int64_t i = 0; i < data.size(); ++i) {
    const FramePlace place = data.place(i);
    if (place.first != video.first || place.last != video.last)
      fail(
          "the data set is no video but stills, or several videos; this needs one: choose it by \"#BEGINNING\" of its "
          "frames' names");
    labelled_[place.at - first_] = i;
  }
  info_.times.resize(size_t(video.last - video.first + 1));
  const FramePtr picture = frame(0);
  info_.width = picture->rgb.cols;
  info_.height = picture->rgb.rows;
}

FramePtr DatasetSource::frame(int64_t number) const {
  const FramePtr frame = data_.frame(first_ + number);
  if (frame->index == number) return frame;
  auto renumbered = std::make_shared<Frame>(*frame);
  renumbered->index = number;
  return renumbered;
}

}  // namespace dff
