// Data sets that are a folder with frames/ and labels/: CamVid's, and what `dff synth` writes.
#include <memory>
#include <opencv2/core.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/dataset.h"
#include "core/data/picture_files.h"
#include "core/data/synthetic/street.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

class FrameFolder : public Dataset {
 public:
  explicit FrameFolder(const fs::path& folder)
      : frames_(filesIn(folder / "frames")), labels_(filesIn(folder / "labels")) {
    if (frames_.empty()) fail("the data set ", folder.string(), " holds no frames");
    if (frames_.size() != labels_.size())
      fail("the data set ", folder.string(), " has ", frames_.size(), " frames but ", labels_.size(), " label files");
    for (size_t i = 0; i < frames_.size(); ++i)
      if (frames_[i].stem() != labels_[i].stem())
        fail("the data set ", folder.string(), " has no label file for ", frames_[i].filename().string());
    consecutive_ = areConsecutive(frames_);
  }

  int64_t size() const override { return int64_t(frames_.size()); }
  std::string name(int64_t i) const override { return frames_.at(i).stem().string(); }
  bool consecutive() const override { return consecutive_; }
  const std::vector<ClassInfo>& classes() const override { return camvidClasses(); }
  const std::vector<std::string>& boxClasses() const override { return streetBoxClasses(); }
  std::vector<LabelledBox> boxes(int64_t i) const override { return boxesOfLabels(labels(i)); }

  cv::Mat image(int64_t i) const override { return readRgb(frames_.at(i)); }
  cv::Mat labels(int64_t i) const override { return readLabels(labels_.at(i), int(camvidClasses().size())); }

 private:
  std::vector<fs::path> frames_, labels_;
  bool consecutive_ = false;
};

/// With exact boxes and motion; a folder without its file of boxes has those of its labels.
class SyntheticFolder : public FrameFolder {
 public:
  explicit SyntheticFolder(const fs::path& folder) : FrameFolder(folder), exact_(fs::exists(folder / kBoxes)) {
    if (exact_) file_ = readCocoBoxes(folder / kBoxes, streetBoxClasses());
    if (fs::exists(folder / kStreet)) openStreet(folder / kStreet);
  }
  std::vector<LabelledBox> boxes(int64_t i) const override {
    if (!exact_) return FrameFolder::boxes(i);
    const auto found = file_.byPicture.find(name(i));
    if (found == file_.byPicture.end()) fail(kBoxes, " does not list the frame ", name(i));
    return found->second;
  }
  std::optional<DenseMotion> motion(int64_t from, int64_t to) const override {
    if (!street_) return {};
    const StreetMotion motion = street_->motion(int(from), int(to));
    return DenseMotion{motion.flow, motion.visible};
  }
  std::vector<std::string> warnings() const override { return file_.warnings; }

 private:
  static constexpr const char *kBoxes = "boxes.json", *kStreet = "street.json";

  /// Motion is drawn anew from the options; another version of the program might draw another street.
  void openStreet(const fs::path& path) {
    StreetOptions options;
    fromJson(readJson(path), options, path.string());
    street_ = std::make_unique<SyntheticStreet>(options);
    const cv::Mat drawn = street_->render(0).rgb, stored = image(0);
    if (drawn.size() == stored.size() && cv::norm(drawn, stored, cv::NORM_INF) == 0) return;
    file_.warnings.push_back(path.string() + " no longer draws the street in frames/: its motion is not known");
    street_.reset();
  }

  bool exact_;
  BoxFile file_;
  std::unique_ptr<SyntheticStreet> street_;
};

}  // namespace

const std::vector<ClassInfo>& camvidClasses() {
  static const std::vector<ClassInfo> classes = {
      {"sky", {112, 164, 214}, {128, 128, 128}},   {"building", {150, 110, 92}, {128, 0, 0}},
      {"pole", {232, 217, 176}, {192, 192, 128}},  {"road", {104, 95, 118}, {128, 64, 128}},
      {"pavement", {196, 120, 190}, {0, 0, 192}},  {"tree", {86, 150, 78}, {128, 128, 0}},
      {"sign", {207, 224, 74}, {192, 128, 128}},   {"fence", {150, 150, 170}, {64, 64, 128}},
      {"car", {70, 130, 255}, {64, 0, 128}},       {"pedestrian", {255, 92, 92}, {64, 64, 0}},
      {"bicyclist", {255, 150, 50}, {0, 128, 192}}};
  return classes;
}

std::unique_ptr<Dataset> openCamvid(const fs::path& folder) { return std::make_unique<FrameFolder>(folder); }
std::unique_ptr<Dataset> openSyntheticFolder(const fs::path& folder) {
  return std::make_unique<SyntheticFolder>(folder);
}

}  // namespace dff
