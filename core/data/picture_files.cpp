#include "core/data/picture_files.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/data/dataset.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kLargestVideoStep = 3;

/// The number at the end of a name, and what stands before it.
std::pair<std::string, int64_t> splitNumber(const fs::path& path) {
  const std::string stem = path.stem().string();
  size_t at = stem.size();
  while (at > 0 && std::isdigit(static_cast<unsigned char>(stem[at - 1]))) --at;
  return {stem.substr(0, at), at < stem.size() && stem.size() - at < 18 ? std::stoll(stem.substr(at)) : -1};
}

}  // namespace

std::vector<fs::path> filesIn(const fs::path& folder) {
  if (!fs::is_directory(folder)) fail("no data set: the folder ", folder.string(), " does not exist");
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().filename().string().front() != '.') files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

bool areConsecutive(const std::vector<fs::path>& files) {
  for (size_t i = 1; i < files.size(); ++i) {
    const auto before = splitNumber(files[i - 1]), now = splitNumber(files[i]);
    const int64_t step = now.second - before.second;
    if (now.first != before.first || step < 1 || step > kLargestVideoStep) return false;
  }
  return files.size() > 1;
}

cv::Mat readRgb(const fs::path& file) {
  cv::Mat bgr = cv::imread(file.string(), cv::IMREAD_COLOR), rgb;
  if (bgr.empty()) fail("cannot read the picture ", file.string());
  cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
  return rgb;
}

cv::Mat readLabels(const fs::path& file, int classes) {
  cv::Mat map = cv::imread(file.string(), cv::IMREAD_UNCHANGED);
  if (map.empty() || map.type() != CV_8UC1) fail(file.string(), " is not an 8-bit label image");
  double highest = 0;
  cv::minMaxLoc(map, nullptr, &highest);
  cv::Mat known = map < classes, voids = (map == classes) | (map == kIgnore);
  if (cv::countNonZero(known | voids) != int(map.total()))
    fail(file.string(), " holds the label ", highest, "; known are 0 to ", classes - 1, " and ", classes, " or ",
         int(kIgnore), " for void");
  map.setTo(kIgnore, voids);
  return map;
}

std::vector<std::string> BoxFaults::sentences(const std::string& where) const {
  std::vector<std::string> all;
  for (const auto& [reason, count] : counts_) all.push_back(text(where, ": ", count, " boxes left out: ", reason));
  return all;
}

std::string faultOf(const cv::Rect2f& box, const cv::Size& picture) {
  for (const float value : {box.x, box.y, box.width, box.height})
    if (!std::isfinite(value)) return "a side is not a number";
  if (box.width <= 0 || box.height <= 0) return "width or height is not above 0 (inverted)";
  if ((box & cv::Rect2f({}, cv::Size2f(picture))).area() <= 0) return "outside the picture";
  return "";
}

}  // namespace dff
