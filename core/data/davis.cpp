// DAVIS (Perazzi et al. 2016): JPEGImages/480p/VIDEO/*.jpg, and a mask a frame in Annotations/480p/VIDEO/*.png.
#include <algorithm>
#include <opencv2/core.hpp>

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/data/picture_files.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

constexpr const char *kPictures = "JPEGImages", *kMasks = "Annotations";

/// Whatever object a pixel belongs to, it is one class: what moves before the background, as in DAVIS 2016.
class Davis : public Dataset {
 public:
  explicit Davis(const fs::path& root) {
    const fs::path pictures = resolutionOf(root / kPictures);
    const fs::path masks = root / kMasks / pictures.filename();
    std::vector<fs::path> videos;
    for (const auto& entry : fs::directory_iterator(pictures))
      if (entry.is_directory()) videos.push_back(entry.path());
    std::sort(videos.begin(), videos.end());
    for (const auto& video : videos) addVideo(video, masks / video.filename());
    if (frames_.empty()) fail("no picture below ", pictures.string(), " has a mask below ", masks.string());
    if (const auto without = pictures_.size() - frames_.size())
      warnings_.push_back(text(root.string(), ": ", without, " frames left out: no mask"));
  }

  int64_t size() const override { return int64_t(frames_.size()); }
  std::string name(int64_t i) const override {
    const fs::path& file = pictures_[size_t(place(i).at)];
    return (file.parent_path().filename() / file.stem()).string();
  }
  bool consecutive() const override { return videos_ == 1 && frames_.size() == pictures_.size(); }
  bool masksOfObjects() const override { return true; }
  FramePlace place(int64_t i) const override { return frames_.at(size_t(i)).place; }
  cv::Mat picture(int64_t at) const override { return readRgb(pictures_.at(size_t(at))); }
  cv::Mat image(int64_t i) const override { return picture(place(i).at); }
  std::vector<std::string> warnings() const override { return warnings_; }

  cv::Mat labels(int64_t i) const override {
    const fs::path& file = frames_.at(size_t(i)).mask;
    const cv::Mat colours = readRgb(file);
    if (const cv::Size size = image(i).size(); colours.size() != size)
      fail("the mask ", file.string(), " has ", colours.cols, "x", colours.rows, " pixels, its frame ", size.width, "x",
           size.height);
    cv::Mat map;
    cv::transform(colours, map, cv::Matx13f(1, 1, 1));  // black is the background, any other colour an object
    return cv::min(map, 1);
  }

  const std::vector<ClassInfo>& classes() const override {
    static const std::vector<ClassInfo> two = {{"background", {0, 0, 0}, {40, 40, 48}},
                                               {"object", {128, 0, 0}, {255, 150, 50}}};
    return two;
  }

 private:
  struct MaskedFrame {
    FramePlace place;
    fs::path mask;
  };

  /// 480p where there is one, else the first.
  static fs::path resolutionOf(const fs::path& folder) {
    if (!fs::is_directory(folder)) fail("no DAVIS here: the folder ", folder.string(), " does not exist");
    if (fs::is_directory(folder / "480p")) return folder / "480p";
    std::vector<fs::path> all;
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.is_directory()) all.push_back(entry.path());
    if (all.empty()) fail("the folder ", folder.string(), " holds no resolution, such as 480p");
    return *std::min_element(all.begin(), all.end());
  }

  void addVideo(const fs::path& folder, const fs::path& masks) {
    const auto files = filesIn(folder);
    const auto first = int64_t(pictures_.size()), last = first + std::ssize(files) - 1;
    for (const auto& file : files) {
      const fs::path mask = masks / file.filename().replace_extension("png");
      if (fs::exists(mask)) frames_.push_back({{int64_t(pictures_.size()), first, last}, mask});
      pictures_.push_back(file);
    }
    ++videos_;
  }

  int64_t videos_ = 0;
  std::vector<fs::path> pictures_;
  std::vector<MaskedFrame> frames_;
  std::vector<std::string> warnings_;
};

}  // namespace

std::unique_ptr<Dataset> openDavis(const fs::path& folder) { return std::make_unique<Davis>(folder); }

}  // namespace dff
