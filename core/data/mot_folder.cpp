// MOTChallenge sequences: pictures in frames/ or img1/, boxes with identities in gt.txt or gt/gt.txt.
#include <algorithm>
#include <map>
#include <opencv2/core.hpp>
#include <sstream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/dataset.h"
#include "core/data/picture_files.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

constexpr size_t kColumnsWithClass = 9;  // since MOT16: .., consider, class, visibility; before: ten, without a class

/// Which of the street's classes one of MOTChallenge's is; -1: none; -2: neither object nor background.
int streetClassOf(int motClass) {
  static const std::map<int, int> classes = {{1, 1}, {3, 0}, {2, -2}, {7, -2}, {8, -2}, {12, -2}};
  const auto found = classes.find(motClass);
  return found == classes.end() ? -1 : found->second;
}

std::vector<double> numbersOf(const std::string& line) {
  std::vector<double> numbers;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, ',');) {
    size_t used = 0;
    try {
      numbers.push_back(std::stod(part, &used));
    } catch (const std::exception&) {
      return {};
    }
  }
  return numbers;
}

class MotFolder : public Dataset {
 public:
  explicit MotFolder(const fs::path& folder) {
    for (const char* name : {"frames", "img1"})
      if (frames_.empty() && fs::is_directory(folder / name)) frames_ = filesIn(folder / name);
    if (frames_.empty()) fail("the data set ", folder.string(), " holds no pictures in frames/ or img1/");
    const fs::path truth = fs::exists(folder / "gt.txt") ? folder / "gt.txt" : folder / "gt" / "gt.txt";
    size_ = image(0).size();
    boxes_.resize(frames_.size());
    read(truth);
  }

  int64_t size() const override { return int64_t(frames_.size()); }
  std::string name(int64_t i) const override { return frames_.at(size_t(i)).stem().string(); }
  bool consecutive() const override { return true; }
  const std::vector<ClassInfo>& classes() const override { return camvidClasses(); }
  const std::vector<std::string>& boxClasses() const override { return streetBoxClasses(); }
  std::vector<LabelledBox> boxes(int64_t i) const override { return boxes_.at(size_t(i)); }
  std::vector<std::string> warnings() const override { return warnings_; }
  bool hasLabels() const override { return false; }
  cv::Mat labels(int64_t) const override { return {size_, CV_8U, cv::Scalar(kIgnore)}; }

  cv::Mat image(int64_t i) const override { return readRgb(frames_.at(size_t(i))); }

 private:
  void read(const fs::path& path) {
    std::istringstream in(readFile(path));
    int bad = 0;
    for (std::string line; std::getline(in, line);)
      if (line.find_first_not_of(" \t\r") != std::string::npos) bad += !add(numbersOf(line));
    if (bad)
      warnings_.push_back(
          text(path.string(), ": ", bad, " lines left out: not a box within a picture of the sequence"));
  }

  /// frame, id, left, top, width, height, consider, ...; frames and pixels count from 1.
  bool add(const std::vector<double>& v) {
    if (v.size() < 7 || !(v[0] >= 1) || v[0] > double(frames_.size())) return false;
    const cv::Rect2f whole(float(v[2] - 1), float(v[3] - 1), float(v[4]), float(v[5]));
    const cv::Rect2f box = whole & cv::Rect2f({}, cv::Size2f(size_));
    if (!(whole.width > 0) || !(whole.height > 0) || !(box.area() > 0)) return false;
    const int kind = v.size() == kColumnsWithClass ? streetClassOf(int(v[7])) : 1;
    if (kind != -1)
      boxes_[size_t(v[0]) - 1].push_back({box, std::max(kind, 0), kind == -2 || v[6] == 0, int64_t(v[1])});
    return true;
  }

  std::vector<fs::path> frames_;
  cv::Size size_;
  std::vector<std::vector<LabelledBox>> boxes_;
  std::vector<std::string> warnings_;
};

}  // namespace

std::unique_ptr<Dataset> openMot(const fs::path& folder) { return std::make_unique<MotFolder>(folder); }

}  // namespace dff
