// A video file and label images of its frames: what comes with coded frames, motion vectors for one, is there too.
#include <mutex>

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/data/label_folder.h"
#include "core/data/picture_files.h"
#include "core/media/frame_fetcher.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

constexpr size_t kKeptBytes = size_t(64) << 20;

class LabelledVideo : public Dataset {
 public:
  explicit LabelledVideo(const fs::path& file)
      : stem_(file.stem().string()),
        frames_(openSource(file), kKeptBytes),
        count_(std::ssize(frames_.info().times)),
        labels_(fs::path(file).replace_extension() / "labels", count_) {
    for (const auto& [frame, path] : labels_.files()) labelled_.push_back(frame);
  }

  int64_t size() const override { return std::ssize(labelled_); }
  std::string name(int64_t i) const override { return text(stem_, "-", labelled_.at(size_t(i))); }
  bool consecutive() const override { return size() == count_; }
  const std::vector<ClassInfo>& classes() const override { return camvidClasses(); }
  const std::vector<std::string>& boxClasses() const override { return streetBoxClasses(); }
  std::vector<LabelledBox> boxes(int64_t i) const override { return boxesOfLabels(labels(i)); }
  FramePlace place(int64_t i) const override { return {labelled_.at(size_t(i)), 0, count_ - 1}; }
  cv::Mat image(int64_t i) const override { return picture(labelled_.at(size_t(i))); }
  cv::Mat picture(int64_t at) const override { return frame(at)->rgb; }
  cv::Mat labels(int64_t i) const override {
    return readLabels(labels_.files().at(labelled_.at(size_t(i))), int(camvidClasses().size()));
  }

  FramePtr frame(int64_t at) const override {
    const std::lock_guard lock(mutex_);
    FramePtr frame = frames_.frame(at);
    if (!frame) fail("frame ", at, " of ", stem_, " cannot be decoded");
    return frame;
  }

 private:
  std::string stem_;
  mutable std::mutex mutex_;
  mutable FrameFetcher frames_;
  int64_t count_;
  LabelFolder labels_;
  std::vector<int64_t> labelled_;
};

}  // namespace

std::unique_ptr<Dataset> openLabelledVideo(const fs::path& file) { return std::make_unique<LabelledVideo>(file); }

}  // namespace dff
