// Anybody's own frames: frames/ with class images of the same names in labels/, boxes.json in COCO's form, or both.
#include <map>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/dataset.h"
#include "core/data/picture_files.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

constexpr const char *kLabels = "labels", *kBoxes = "boxes.json", *kClasses = "classes.json";

/// Classes named in a JSON list, coloured round the wheel; without the file CamVid's.
std::vector<ClassInfo> classesOf(const fs::path& file) {
  if (!fs::exists(file)) return camvidClasses();
  const auto names = readJson(file);
  if (!names.is_array() || names.empty()) fail(file.string(), " must be a list of class names, [\"road\", \"car\"]");
  cv::Mat hsv(1, int(names.size()), CV_8UC3), rgb;
  for (int i = 0; i < hsv.cols; ++i)
    hsv.at<cv::Vec3b>(0, i) = {uint8_t(i * 180 / hsv.cols), 150, uint8_t(i % 2 ? 170 : 230)};
  cv::cvtColor(hsv, rgb, cv::COLOR_HSV2RGB);
  std::vector<ClassInfo> classes;
  for (const auto& name : names) {
    if (!name.is_string()) fail(file.string(), " must be a list of class names, [\"road\", \"car\"]");
    const auto c = rgb.at<cv::Vec3b>(0, int(classes.size()));
    classes.push_back({name, {c[0], c[1], c[2]}, {c[0], c[1], c[2]}});
  }
  return classes;
}

class OwnFolder : public Dataset {
 public:
  explicit OwnFolder(const fs::path& folder)
      : pictures_(filesIn(folder / "frames")),
        classes_(classesOf(folder / kClasses)),
        hasLabels_(fs::is_directory(folder / kLabels)),
        isVideo_(areConsecutive(pictures_)) {
    if (pictures_.empty()) fail("the data set ", folder.string(), " holds no frames");
    if (fs::exists(folder / kBoxes)) readBoxes(folder / kBoxes);
    if (!hasLabels_ && boxClasses_.empty())
      fail("the data set ", folder.string(), " has neither ", kLabels, "/ nor ", kBoxes, " beside its frames");
    if (hasLabels_) readNamesOfLabels(folder / kLabels);
    for (size_t i = 0; i < pictures_.size(); ++i)
      if (isKnown(pictures_[i].stem().string())) known_.push_back(i);
    if (known_.empty()) fail("the data set ", folder.string(), " has no labels for any of its frames");
    if (known_.size() < pictures_.size())
      warnings_.push_back(text(folder.string(), ": ", pictures_.size() - known_.size(), " frames left out: no labels"));
  }

  int64_t size() const override { return int64_t(known_.size()); }
  std::string name(int64_t i) const override { return pictures_[known_.at(size_t(i))].stem().string(); }
  bool consecutive() const override { return isVideo_ && known_.size() == pictures_.size(); }
  bool hasLabels() const override { return hasLabels_; }
  const std::vector<ClassInfo>& classes() const override { return classes_; }
  const std::vector<std::string>& boxClasses() const override { return boxClasses_; }
  std::vector<std::string> warnings() const override { return warnings_; }
  cv::Mat image(int64_t i) const override { return picture(place(i).at); }
  cv::Mat picture(int64_t at) const override { return readRgb(pictures_.at(size_t(at))); }
  FramePlace place(int64_t i) const override {
    const auto at = int64_t(known_.at(size_t(i)));
    return isVideo_ ? FramePlace{at, 0, std::ssize(pictures_) - 1} : FramePlace{at, at, at};
  }

  cv::Mat labels(int64_t i) const override {
    const cv::Size size = image(i).size();
    if (!hasLabels_) return {size, CV_8U, cv::Scalar(kIgnore)};
    const fs::path& file = labels_.at(name(i));
    cv::Mat map = readLabels(file, int(classes_.size()));
    if (map.size() != size)
      fail("the label image ", file.string(), " has ", map.cols, "x", map.rows, " pixels, its frame ", size.width, "x",
           size.height);
    return map;
  }

  std::vector<LabelledBox> boxes(int64_t i) const override {
    const auto found = boxes_.byPicture.find(name(i));
    return found == boxes_.byPicture.end() ? std::vector<LabelledBox>() : found->second;
  }

 private:
  void readBoxes(const fs::path& file) {
    boxClasses_ = cocoCategories(file);
    if (boxClasses_.empty()) fail(file.string(), " has no categories");
    boxes_ = readCocoBoxes(file, boxClasses_);
    warnings_ = boxes_.warnings;
  }

  void readNamesOfLabels(const fs::path& folder) {
    for (const auto& file : filesIn(folder)) labels_[file.stem().string()] = file;
    std::set<std::string> frames;
    for (const auto& picture : pictures_) frames.insert(picture.stem().string());
    for (const auto& [name, file] : labels_)
      if (!frames.count(name)) warnings_.push_back(file.string() + " belongs to no frame");
  }

  bool isKnown(const std::string& name) const {
    return hasLabels_ ? labels_.count(name) > 0 : boxes_.byPicture.count(name) > 0;
  }

  std::vector<fs::path> pictures_;
  std::vector<ClassInfo> classes_;
  bool hasLabels_, isVideo_;
  std::map<std::string, fs::path> labels_;  // by the name of their frame
  std::vector<std::string> boxClasses_;
  BoxFile boxes_;
  std::vector<size_t> known_;  // pictures that are labelled
  std::vector<std::string> warnings_;
};

}  // namespace

std::unique_ptr<Dataset> openOwnFolder(const fs::path& folder) { return std::make_unique<OwnFolder>(folder); }

}  // namespace dff
