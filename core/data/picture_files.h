#pragma once
#include <filesystem>
#include <map>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "core/data/boxes.h"

namespace dff {

/// The files of a folder in the order of their names, hidden ones left out; throws Error where there is no such folder.
std::vector<std::filesystem::path> filesIn(const std::filesystem::path& folder);

/// Whether the names count the frames of one video: equal but for a number at the end that grows by one to three
/// (CamVid is numbered at 30 frames a second; what lies further apart are stills).
bool areConsecutive(const std::vector<std::filesystem::path>& files);

/// [H,W] CV_8UC3, R, G, B; throws Error.
cv::Mat readRgb(const std::filesystem::path& file);

/// [H,W] CV_8U of an image with class indices below `classes`; `classes` itself and 255 become kIgnore. Throws Error
/// for another kind of image and for other values.
cv::Mat readLabels(const std::filesystem::path& file, int classes);

/// Counts what is wrong with boxes, by reason, for one warning each.
class BoxFaults {
 public:
  void add(const std::string& reason) { ++counts_[reason]; }
  /// "WHERE: 3 boxes left out: outside the picture"
  std::vector<std::string> sentences(const std::string& where) const;

 private:
  std::map<std::string, int> counts_;
};

/// Why a box cannot be used; empty when it can.
std::string faultOf(const cv::Rect2f& box, const cv::Size& picture);

}  // namespace dff
