#include <algorithm>

#include "core/base/fields.h"
#include "core/base/file.h"
#include "core/data/boxes.h"
#include "core/data/picture_files.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

constexpr double kLeastVisible = 0.25;

struct Picture {
  std::string name;
  cv::Size size;
};

std::map<int64_t, Picture> picturesOf(const nlohmann::json& coco) {
  std::map<int64_t, Picture> pictures;
  for (const auto& image : coco.at("images"))
    pictures[image.at("id")] = {fs::path(image.at("file_name").get<std::string>()).stem().string(),
                                {image.at("width").get<int>(), image.at("height").get<int>()}};
  return pictures;
}

/// Category number -> index in `classes`; -1 for a category that is declared but not one of them.
std::map<int64_t, int> categoriesOf(const nlohmann::json& coco, const std::vector<std::string>& classes) {
  std::map<int64_t, int> indices;
  for (const auto& category : coco.at("categories")) {
    const auto found = std::find(classes.begin(), classes.end(), category.at("name").get<std::string>());
    indices[category.at("id")] = found == classes.end() ? -1 : int(found - classes.begin());
  }
  return indices;
}

cv::Rect2f rectangleOf(const nlohmann::json& annotation) {
  const auto b = annotation.at("bbox").get<std::array<float, 4>>();
  return {b[0], b[1], b[2], b[3]};
}

LabelledBox boxOf(const nlohmann::json& annotation, const cv::Rect2f& box, const cv::Size& picture, int classIndex) {
  const bool crowd = annotation.value("iscrowd", 0) != 0, hidden = annotation.value("visibility", 1.0) < kLeastVisible;
  const cv::Rect2f inside = box & cv::Rect2f({}, cv::Size2f(picture));
  const bool tiny = inside.area() < leastObjectPixels(picture);
  return {inside, classIndex, crowd || hidden || tiny, annotation.value("track_id", int64_t(-1))};
}

void addAnnotation(const nlohmann::json& annotation, const std::map<int64_t, Picture>& pictures,
                   const std::map<int64_t, int>& categories, BoxFile& file, BoxFaults& faults) {
  const auto picture = pictures.find(annotation.at("image_id"));
  const auto category = categories.find(annotation.at("category_id"));
  if (picture == pictures.end()) return faults.add("image_id is not among the images");
  if (category == categories.end()) return faults.add("category_id is not among the categories");
  if (category->second < 0) return faults.add("a category that is not trained");
  const cv::Rect2f box = rectangleOf(annotation);
  const std::string fault = faultOf(box, picture->second.size);
  if (!fault.empty()) return faults.add(fault);
  file.byPicture[picture->second.name].push_back(boxOf(annotation, box, picture->second.size, category->second));
}

}  // namespace

std::vector<std::string> cocoCategories(const fs::path& path) try {
  const nlohmann::json coco = readJson(path);
  std::vector<std::string> names;
  for (const auto& category : coco.at("categories")) names.push_back(category.at("name"));
  return names;
} catch (const nlohmann::json::exception& e) {
  fail(path.string(), " does not hold COCO annotations: ", e.what());
}

BoxFile readCocoBoxes(const fs::path& path, const std::vector<std::string>& classes) try {
  const nlohmann::json coco = readJson(path);
  const auto pictures = picturesOf(coco);
  const auto categories = categoriesOf(coco, classes);
  BoxFile file;
  BoxFaults faults;
  for (const auto& [id, picture] : pictures) file.byPicture[picture.name];
  for (const auto& annotation : coco.at("annotations")) addAnnotation(annotation, pictures, categories, file, faults);
  file.warnings = faults.sentences(path.string());
  return file;
} catch (const nlohmann::json::exception& e) {
  fail(path.string(), " does not hold COCO annotations: ", e.what());
}

}  // namespace dff
