// ImageNet VID (Russakovsky et al. 2015): snippets of pictures under Data/VID, one XML a frame under Annotations/VID.
#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <pugixml.hpp>

#include "core/base/error.h"
#include "core/data/dataset.h"
#include "core/data/picture_files.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

/// The thirty classes in the order of the evaluation: name and WordNet number.
constexpr std::pair<const char*, const char*> kClasses[] = {
    {"airplane", "n02691156"},     {"antelope", "n02419796"}, {"bear", "n02131653"},
    {"bicycle", "n02834778"},      {"bird", "n01503061"},     {"bus", "n02924116"},
    {"car", "n02958343"},          {"cattle", "n02402425"},   {"dog", "n02084071"},
    {"domestic_cat", "n02121808"}, {"elephant", "n02503517"}, {"fox", "n02118333"},
    {"giant_panda", "n02510455"},  {"hamster", "n02342885"},  {"horse", "n02374451"},
    {"lion", "n02129165"},         {"lizard", "n01674464"},   {"monkey", "n02484322"},
    {"motorcycle", "n03790512"},   {"rabbit", "n02324045"},   {"red_panda", "n02509815"},
    {"sheep", "n02411705"},        {"snake", "n01726692"},    {"squirrel", "n02355227"},
    {"tiger", "n02129604"},        {"train", "n04468005"},    {"turtle", "n01662784"},
    {"watercraft", "n04530566"},   {"whale", "n02062744"},    {"zebra", "n02391049"}};
constexpr int64_t kTracksOfASnippet = 100000;

int classOf(const std::string& wordNet) {
  for (size_t i = 0; i < std::size(kClasses); ++i)
    if (wordNet == kClasses[i].second) return int(i);
  return -1;
}

/// ROOT of a folder ROOT or ROOT/Data/VID/...
fs::path rootOf(const fs::path& folder) {
  for (fs::path at = folder; at.has_relative_path() && at != at.parent_path(); at = at.parent_path())
    if (at.filename() == "VID" && at.parent_path().filename() == "Data") return at.parent_path().parent_path();
  return folder;
}

/// Folders that hold pictures, in order.
std::vector<fs::path> snippetsBelow(const fs::path& folder) {
  std::vector<fs::path> snippets;
  const auto holdsPictures = [](const fs::path& at) {
    return std::any_of(fs::directory_iterator(at), {}, [](const auto& entry) { return entry.is_regular_file(); });
  };
  if (holdsPictures(folder)) snippets.push_back(folder);
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_directory() && holdsPictures(entry.path())) snippets.push_back(entry.path());
  std::sort(snippets.begin(), snippets.end());
  return snippets;
}

class ImagenetVid : public Dataset {
 public:
  explicit ImagenetVid(const fs::path& folder) : root_(rootOf(folder)) {
    const fs::path data = root_ == folder ? root_ / "Data" / "VID" : folder;
    if (!fs::is_directory(data)) fail("no ImageNet VID at ", folder.string(), ": ", data.string(), " does not exist");
    for (const auto& snippet : snippetsBelow(data)) addSnippet(snippet);
    if (pictures_.empty()) fail("the data set ", folder.string(), " holds no pictures");
    if (frames_.empty()) fail("the data set ", folder.string(), " has no annotation for any of its pictures");
    warnings_ = faults_.sentences(folder.string());
    if (const auto without = pictures_.size() - frames_.size())
      warnings_.push_back(text(folder.string(), ": ", without, " frames left out: no annotation"));
  }

  int64_t size() const override { return int64_t(frames_.size()); }
  std::string name(int64_t i) const override { return fs::relative(pictures_[size_t(place(i).at)], root_).string(); }
  bool consecutive() const override { return snippets_ == 1 && frames_.size() == pictures_.size(); }
  bool hasLabels() const override { return false; }
  FramePlace place(int64_t i) const override { return frames_.at(size_t(i)).place; }
  cv::Mat picture(int64_t at) const override { return readRgb(pictures_.at(size_t(at))); }
  cv::Mat image(int64_t i) const override { return picture(place(i).at); }
  cv::Mat labels(int64_t i) const override { return {frames_.at(size_t(i)).size, CV_8U, cv::Scalar(kIgnore)}; }
  std::vector<LabelledBox> boxes(int64_t i) const override { return frames_.at(size_t(i)).boxes; }
  std::vector<std::string> warnings() const override { return warnings_; }
  const std::vector<ClassInfo>& classes() const override {
    static const std::vector<ClassInfo> none;
    return none;
  }
  const std::vector<std::string>& boxClasses() const override {
    static const std::vector<std::string> names = [] {
      std::vector<std::string> all;
      for (const auto& [name, wordNet] : kClasses) all.push_back(name);
      return all;
    }();
    return names;
  }

 private:
  struct AnnotatedFrame {
    FramePlace place;
    cv::Size size;
    std::vector<LabelledBox> boxes;
  };

  void addSnippet(const fs::path& folder) {
    const auto files = filesIn(folder);
    const auto first = int64_t(pictures_.size()), last = first + std::ssize(files) - 1;
    const size_t annotatedBefore = frames_.size();
    for (const auto& file : files) {
      const fs::path xml =
          root_ / "Annotations" / "VID" / fs::relative(file, root_ / "Data" / "VID").replace_extension("xml");
      if (fs::exists(xml)) addAnnotation(xml, {int64_t(pictures_.size()), first, last});
      pictures_.push_back(file);
    }
    fillMotion(annotatedBefore);
    ++snippets_;
  }

  /// Of the snippet whose annotated frames are those from `begin` on.
  void fillMotion(size_t begin) {
    std::vector<FrameBoxes> video;
    for (size_t i = begin; i < frames_.size(); ++i) video.push_back({frames_[i].place.at, &frames_[i].boxes});
    fillMotionIou(video);
  }

  void addAnnotation(const fs::path& path, const FramePlace& place) {
    pugi::xml_document document;
    if (const auto parsed = document.load_file(path.c_str()); !parsed)
      fail("the annotation ", path.string(), " cannot be read: ", parsed.description());
    const auto annotation = document.child("annotation"), size = annotation.child("size");
    AnnotatedFrame frame{place, {size.child("width").text().as_int(), size.child("height").text().as_int()}, {}};
    if (frame.size.area() <= 0) fail("the annotation ", path.string(), " does not say the size of its picture");
    for (const auto& object : annotation.children("object")) addObject(object, frame);
    frames_.push_back(std::move(frame));
  }

  /// Corners are stored from 0, both within the box.
  void addObject(const pugi::xml_node& object, AnnotatedFrame& frame) {
    const auto corner = [box = object.child("bndbox")](const char* name) {
      return box.child(name).text().as_float(NAN);
    };
    const cv::Rect2f box(corner("xmin"), corner("ymin"), corner("xmax") - corner("xmin") + 1,
                         corner("ymax") - corner("ymin") + 1);
    const int classIndex = classOf(object.child("name").text().as_string());
    if (classIndex < 0) return faults_.add("a class that is none of the thirty");
    if (const std::string fault = faultOf(box, frame.size); !fault.empty()) return faults_.add(fault);
    frame.boxes.push_back({box & cv::Rect2f({}, cv::Size2f(frame.size)), classIndex, false,
                           snippets_ * kTracksOfASnippet + object.child("trackid").text().as_llong()});
  }

  fs::path root_;
  int64_t snippets_ = 0;
  std::vector<fs::path> pictures_;
  std::vector<AnnotatedFrame> frames_;
  BoxFaults faults_;
  std::vector<std::string> warnings_;
};

}  // namespace

std::unique_ptr<Dataset> openImagenetVid(const fs::path& folder) {
  return std::make_unique<ImagenetVid>(folder.has_filename() ? folder : folder.parent_path());
}

}  // namespace dff
