// Cityscapes (Cordts et al. 2016): one labelled frame in a snippet of thirty, the twentieth.
#include <algorithm>
#include <array>
#include <map>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <tuple>

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/data/picture_files.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

constexpr int kMostSnippet = 30;  // frames of a snippet, and so the furthest that one can lie from the labelled one
constexpr int kInstancesOfAClass = 1000;
constexpr const char* kLabelsEnd = "_gtFine_labelIds.png";

/// A class that is trained on, and its number in the files.
struct CityClass {
  int id;
  ClassInfo info;
};

const std::vector<CityClass>& cityClasses() {
  static const std::vector<CityClass> classes = [] {
    const std::tuple<int, const char*, std::array<uint8_t, 3>> rows[] = {{7, "road", {128, 64, 128}},
                                                                         {8, "sidewalk", {244, 35, 232}},
                                                                         {11, "building", {70, 70, 70}},
                                                                         {12, "wall", {102, 102, 156}},
                                                                         {13, "fence", {190, 153, 153}},
                                                                         {17, "pole", {153, 153, 153}},
                                                                         {19, "traffic light", {250, 170, 30}},
                                                                         {20, "traffic sign", {220, 220, 0}},
                                                                         {21, "vegetation", {107, 142, 35}},
                                                                         {22, "terrain", {152, 251, 152}},
                                                                         {23, "sky", {70, 130, 180}},
                                                                         {24, "person", {220, 20, 60}},
                                                                         {25, "rider", {255, 0, 0}},
                                                                         {26, "car", {0, 0, 142}},
                                                                         {27, "truck", {0, 0, 70}},
                                                                         {28, "bus", {0, 60, 100}},
                                                                         {31, "train", {0, 80, 100}},
                                                                         {32, "motorcycle", {0, 0, 230}},
                                                                         {33, "bicycle", {119, 11, 32}}};
    std::vector<CityClass> all;
    for (const auto& [id, name, color] : rows) all.push_back({id, {name, color, color}});
    return all;
  }();
  return classes;
}

/// Class index by number in the files; kIgnore where the class is not trained on or there is no such number.
std::array<uint8_t, 256> indicesOfIds() {
  std::array<uint8_t, 256> indices;
  indices.fill(kIgnore);
  for (size_t i = 0; i < cityClasses().size(); ++i) indices[size_t(cityClasses()[i].id)] = uint8_t(i);
  return indices;
}

/// Which of the street's boxes a class has; -1: none.
int boxClassOf(int id) {
  static const std::map<int, int> classes = {{24, 1}, {25, 2}, {26, 0}, {27, 0}, {28, 0}};
  const auto found = classes.find(id);
  return found == classes.end() ? -1 : found->second;
}

/// What one value of an instance image covers.
struct Region {
  int left = 1 << 30, top = 1 << 30, right = -1, bottom = -1;
  int64_t pixels = 0;
  void add(int x, int y) {
    left = std::min(left, x), right = std::max(right, x), top = std::min(top, y), bottom = std::max(bottom, y);
    ++pixels;
  }
};

std::vector<LabelledBox> boxesOfInstances(const cv::Mat& instances) {
  std::map<int, Region> regions;
  for (int y = 0; y < instances.rows; ++y)
    for (int x = 0; x < instances.cols; ++x)
      if (const int value = instances.at<uint16_t>(y, x); value >= 24) regions[value].add(x, y);
  std::vector<LabelledBox> boxes;
  for (const auto& [value, r] : regions) {
    const bool isGroup = value < kInstancesOfAClass;  // several objects that nobody told apart
    const int boxClass = boxClassOf(isGroup ? value : value / kInstancesOfAClass);
    if (boxClass < 0) continue;
    const cv::Rect box(r.left, r.top, r.right - r.left + 1, r.bottom - r.top + 1);
    boxes.push_back({cv::Rect2f(box), boxClass, isGroup || r.pixels < leastObjectPixels(instances.size()), -1});
  }
  return boxes;
}

class Cityscapes : public Dataset {
 public:
  explicit Cityscapes(const fs::path& folder) : root_(folder.parent_path()), split_(folder.filename()) {
    const fs::path truth = root_ / "gtFine" / split_;
    if (!fs::is_directory(truth))
      fail("no Cityscapes at ", folder.string(), ": ", truth.string(), " does not exist; name a part, as ROOT/train");
    std::vector<fs::path> labels;
    for (const auto& entry : fs::recursive_directory_iterator(truth))
      if (entry.path().filename().string().ends_with(kLabelsEnd)) labels.push_back(entry.path());
    std::sort(labels.begin(), labels.end());
    for (const auto& file : labels) add(file);
    if (frames_.empty()) fail("the data set ", folder.string(), " holds no labelled frames");
    if (missing_) warnings_.push_back(text(folder.string(), ": ", missing_, " labelled frames left out: no picture"));
    warnOfUnlabelled();
  }

  int64_t size() const override { return int64_t(frames_.size()); }
  std::string name(int64_t i) const override { return frames_.at(size_t(i)).name; }
  bool consecutive() const override { return false; }
  std::vector<std::string> warnings() const override { return warnings_; }
  cv::Mat image(int64_t i) const override { return picture(place(i).at); }
  FramePlace place(int64_t i) const override { return frames_.at(size_t(i)).place; }
  cv::Mat picture(int64_t at) const override { return readRgb(pictures_.at(size_t(at))); }
  const std::vector<std::string>& boxClasses() const override {
    return hasInstances_ ? streetBoxClasses() : Dataset::boxClasses();
  }
  const std::vector<ClassInfo>& classes() const override {
    static const std::vector<ClassInfo> infos = [] {
      std::vector<ClassInfo> all;
      for (const auto& c : cityClasses()) all.push_back(c.info);
      return all;
    }();
    return infos;
  }

  cv::Mat labels(int64_t i) const override {
    constexpr int kHighestId = 33;  // license plates are -1, which a PNG holds as 255
    static const auto indices = indicesOfIds();
    cv::Mat ids = readLabels(frames_.at(size_t(i)).labels, kHighestId + 1), map;
    cv::LUT(ids, cv::Mat(1, 256, CV_8U, const_cast<uint8_t*>(indices.data())), map);
    return map;
  }

  std::vector<LabelledBox> boxes(int64_t i) const override {
    if (!hasInstances_) return {};
    const fs::path file = instancesOf(frames_.at(size_t(i)).labels);
    const cv::Mat instances = cv::imread(file.string(), cv::IMREAD_UNCHANGED);
    if (instances.empty() || instances.type() != CV_16UC1) fail(file.string(), " is not a 16-bit image of instances");
    return boxesOfInstances(instances);
  }

 private:
  struct LabelledFrame {
    std::string name;
    fs::path labels;
    FramePlace place;
  };

  static fs::path instancesOf(const fs::path& labels) {
    std::string name = labels.filename().string();
    return labels.parent_path() / (name.erase(name.size() - 12) + "instanceIds.png");
  }

  /// city_000003_000019_gtFine_labelIds.png labels frame 19 of the snippet city_000003_0000NN_leftImg8bit.png.
  void add(const fs::path& labels) {
    const std::string file = labels.filename().string(),
                      name = file.substr(0, file.size() - std::string(kLabelsEnd).size());
    const fs::path city = labels.parent_path().filename();
    const fs::path still = root_ / "leftImg8bit" / split_ / city / (name + "_leftImg8bit.png");
    const auto pictureAt = [&](int offset) {
      if (offset == 0 && fs::exists(still)) return still;
      const fs::path path =
          root_ / "leftImg8bit_sequence" / split_ / city / (neighbour(name, offset) + "_leftImg8bit.png");
      return fs::exists(path) ? path : fs::path();
    };
    if (pictureAt(0).empty()) return void(++missing_);
    int first = 0, last = 0;
    while (first > -kMostSnippet && !pictureAt(first - 1).empty()) --first;
    while (last < kMostSnippet && !pictureAt(last + 1).empty()) ++last;
    const auto base = int64_t(pictures_.size());
    for (int offset = first; offset <= last; ++offset) pictures_.push_back(pictureAt(offset));
    frames_.push_back({name, labels, {base - first, base, base + last - first}});
    hasInstances_ = hasInstances_ || fs::exists(instancesOf(labels));
  }

  /// The name of the frame `offset` after another.
  static std::string neighbour(const std::string& name, int offset) {
    const size_t at = name.rfind('_') + 1;
    const std::string number = name.substr(at);
    if (number.empty() || number.find_first_not_of("0123456789") != std::string::npos) return name;
    const long moved = std::stol(number) + offset;
    if (moved < 0) return {};
    const std::string digits = std::to_string(moved);
    return name.substr(0, at) + std::string(std::max(number.size(), digits.size()) - digits.size(), '0') + digits;
  }

  void warnOfUnlabelled() {
    int64_t pictures = 0;
    const fs::path folder = root_ / "leftImg8bit" / split_;
    if (!fs::is_directory(folder)) return;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) pictures += entry.path().extension() == ".png";
    if (pictures > size())
      warnings_.push_back(text(folder.string(), ": ", pictures - size(), " frames left out: no label image"));
  }

  fs::path root_, split_;
  std::vector<LabelledFrame> frames_;
  std::vector<fs::path> pictures_;  // of all snippets, one after another
  std::vector<std::string> warnings_;
  int missing_ = 0;
  bool hasInstances_ = false;
};

}  // namespace

std::unique_ptr<Dataset> openCityscapes(const fs::path& folder) {
  return std::make_unique<Cityscapes>(folder.has_filename() ? folder : folder.parent_path());
}

}  // namespace dff
