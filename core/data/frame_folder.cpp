// Data sets that are a folder with frames/ and labels/: CamVid's, and what `dff synth` writes.
#include <algorithm>
#include <cctype>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/data/dataset.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

/// CamVid is numbered at 30 frames a second; labels further apart than this are stills, not a video.
constexpr int64_t kLargestVideoStep = 3;

std::vector<fs::path> filesIn(const fs::path& folder) {
  if (!fs::is_directory(folder)) fail("no data set: the folder ", folder.string(), " does not exist");
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().filename().string().front() != '.') files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// The number at the end of a name, and what stands before it.
std::pair<std::string, int64_t> splitNumber(const fs::path& path) {
  const std::string stem = path.stem().string();
  size_t at = stem.size();
  while (at > 0 && std::isdigit(static_cast<unsigned char>(stem[at - 1]))) --at;
  return {stem.substr(0, at), at < stem.size() && stem.size() - at < 18 ? std::stoll(stem.substr(at)) : -1};
}

bool areConsecutive(const std::vector<fs::path>& files) {
  for (size_t i = 1; i < files.size(); ++i) {
    const auto before = splitNumber(files[i - 1]), now = splitNumber(files[i]);
    const int64_t step = now.second - before.second;
    if (now.first != before.first || step < 1 || step > kLargestVideoStep) return false;
  }
  return files.size() > 1;
}

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

  cv::Mat image(int64_t i) const override {
    cv::Mat bgr = cv::imread(frames_.at(i).string(), cv::IMREAD_COLOR), rgb;
    if (bgr.empty()) fail("cannot read the picture ", frames_[i].string());
    cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
    return rgb;
  }

  cv::Mat labels(int64_t i) const override {
    cv::Mat map = cv::imread(labels_.at(i).string(), cv::IMREAD_UNCHANGED);
    if (map.empty() || map.type() != CV_8UC1) fail(labels_[i].string(), " is not an 8-bit label image");
    const int classes = int(camvidClasses().size());
    double highest = 0;
    cv::minMaxLoc(map, nullptr, &highest);
    cv::Mat known = map < classes, voids = (map == classes) | (map == kIgnore);
    if (cv::countNonZero(known | voids) != int(map.total()))
      fail(labels_[i].string(), " holds the label ", highest, "; known are 0 to ", classes - 1, " and ", classes,
           " or ", int(kIgnore), " for void");
    map.setTo(kIgnore, voids);
    return map;
  }

 private:
  std::vector<fs::path> frames_, labels_;
  bool consecutive_ = false;
};

/// With exact boxes; a folder without its file of boxes has those of its labels.
class SyntheticFolder : public FrameFolder {
 public:
  explicit SyntheticFolder(const fs::path& folder) : FrameFolder(folder), exact_(fs::exists(folder / kBoxes)) {
    if (exact_) file_ = readCocoBoxes(folder / kBoxes, streetBoxClasses());
  }
  std::vector<LabelledBox> boxes(int64_t i) const override {
    if (!exact_) return FrameFolder::boxes(i);
    const auto found = file_.byPicture.find(name(i));
    if (found == file_.byPicture.end()) fail(kBoxes, " does not list the frame ", name(i));
    return found->second;
  }
  std::vector<std::string> warnings() const override { return file_.warnings; }

 private:
  static constexpr const char* kBoxes = "boxes.json";
  bool exact_;
  BoxFile file_;
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
