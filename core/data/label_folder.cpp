#include "core/data/label_folder.h"

#include <algorithm>
#include <cctype>
#include <opencv2/imgcodecs.hpp>
#include <vector>

#include "core/base/error.h"

namespace dff {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> pngsIn(const fs::path& folder) {
  if (!fs::is_directory(folder)) fail("the folder of label images ", folder.string(), " does not exist");
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() == ".png") files.push_back(entry.path());
  if (files.empty()) fail("the folder ", folder.string(), " holds no label images (PNG)");
  std::sort(files.begin(), files.end());
  return files;
}

/// The number at the end of a name; below 0: there is none.
int64_t numberOf(const fs::path& file) {
  const std::string stem = file.stem().string();
  size_t at = stem.size();
  while (at > 0 && std::isdigit(static_cast<unsigned char>(stem[at - 1]))) --at;
  return at < stem.size() && stem.size() - at < 18 ? std::stoll(stem.substr(at)) : -1;
}

}  // namespace

LabelFolder::LabelFolder(const fs::path& folder, int64_t frames) {
  const auto files = pngsIn(folder);
  const bool inOrder = int64_t(files.size()) == frames;
  for (size_t i = 0; i < files.size(); ++i) {
    const int64_t frame = inOrder ? int64_t(i) : numberOf(files[i]);
    if (frame < 0 || frame >= frames)
      fail("the label image ", files[i].string(), " fits no frame: the video has ", frames, " and the folder ",
           files.size(), " files; name them by frame number from 0, or give one for every frame");
    files_[frame] = files[i];
  }
}

cv::Mat LabelFolder::labels(int64_t frame, cv::Size size) const {
  const auto found = files_.find(frame);
  if (found == files_.end()) return {};
  cv::Mat map = cv::imread(found->second.string(), cv::IMREAD_UNCHANGED);
  if (map.empty() || map.type() != CV_8UC1) fail(found->second.string(), " is not an 8-bit label image");
  if (map.size() != size)
    fail("the label image ", found->second.string(), " has ", map.cols, "x", map.rows, " pixels, the video ",
         size.width, "x", size.height);
  return map;
}

}  // namespace dff
