// Data sets that are a folder with frames/ and labels/: CamVid's, and what `dff synth` writes.
#include <map>
#include <memory>
#include <opencv2/core.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/dataset.h"
#include "core/data/picture_files.h"
#include "core/data/synthetic/drive.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

/// Frames and label images of the same names; frames without labels are pictures in between.
class FrameFolder : public Dataset {
 public:
  explicit FrameFolder(const fs::path& folder)
      : frames_(filesIn(folder / "frames")), isVideo_(areConsecutive(frames_)) {
    if (frames_.empty()) fail("the data set ", folder.string(), " holds no frames");
    std::map<std::string, fs::path> labels;
    for (const auto& file : filesIn(folder / "labels")) labels[file.stem().string()] = file;
    for (size_t i = 0; i < frames_.size(); ++i)
      if (const auto found = labels.find(frames_[i].stem().string()); found != labels.end())
        labelled_.push_back({int64_t(i), found->second});
    if (labelled_.empty()) fail("the data set ", folder.string(), " has no labels for any of its frames");
    if (const auto without = frames_.size() - labelled_.size())
      warnings_.push_back(text(folder.string(), ": ", without, " frames left out: no label image"));
  }

  int64_t size() const override { return std::ssize(labelled_); }
  std::string name(int64_t i) const override { return frames_[size_t(labelled_.at(size_t(i)).at)].stem().string(); }
  bool consecutive() const override { return isVideo_ && labelled_.size() == frames_.size(); }
  const std::vector<ClassInfo>& classes() const override { return camvidClasses(); }
  const std::vector<std::string>& boxClasses() const override { return streetBoxClasses(); }
  std::vector<LabelledBox> boxes(int64_t i) const override { return boxesOfLabels(labels(i)); }
  std::vector<std::string> warnings() const override { return warnings_; }

  FramePlace place(int64_t i) const override {
    const int64_t at = labelled_.at(size_t(i)).at;
    return isVideo_ ? FramePlace{at, 0, std::ssize(frames_) - 1} : FramePlace{at, at, at};
  }
  cv::Mat picture(int64_t at) const override { return readRgb(frames_.at(size_t(at))); }
  cv::Mat image(int64_t i) const override { return picture(labelled_.at(size_t(i)).at); }
  cv::Mat labels(int64_t i) const override {
    return readLabels(labelled_.at(size_t(i)).labels, int(camvidClasses().size()));
  }

 protected:
  std::vector<std::string> warnings_;

 private:
  struct LabelledFrame {
    int64_t at;  // in frames_
    fs::path labels;
  };
  std::vector<fs::path> frames_;
  std::vector<LabelledFrame> labelled_;
  bool isVideo_;
};

/// With exact boxes and motion; a folder without its file of boxes has those of its labels.
class SyntheticFolder : public FrameFolder {
 public:
  explicit SyntheticFolder(const fs::path& folder) : FrameFolder(folder), exact_(fs::exists(folder / kBoxes)) {
    if (exact_) file_ = readCocoBoxes(folder / kBoxes, streetBoxClasses());
    warnings_.insert(warnings_.end(), file_.warnings.begin(), file_.warnings.end());
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
    const auto motion = street_->motion(int(place(from).at), int(place(to).at));
    return motion ? std::optional(DenseMotion{motion->flow, motion->visible}) : std::nullopt;
  }

 private:
  static constexpr const char *kBoxes = "boxes.json", *kStreet = "street.json";

  /// Motion is drawn anew from the options; another version of the program might draw another street.
  void openStreet(const fs::path& path) {
    DriveOptions options;
    fromJson(readJson(path), options, path.string());
    street_ = std::make_unique<SyntheticDrive>(options);
    const cv::Mat drawn = street_->render(0).rgb, stored = picture(0);
    if (drawn.size() == stored.size() && cv::norm(drawn, stored, cv::NORM_INF) == 0) return;
    warnings_.push_back(path.string() + " no longer draws the street in frames/: its motion is not known");
    street_.reset();
  }

  bool exact_;
  BoxFile file_;
  std::unique_ptr<SyntheticDrive> street_;
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
