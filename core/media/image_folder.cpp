#include "core/media/image_folder.h"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <set>

#include "core/base/error.h"
#include "core/media/image_size.h"

namespace dff {
namespace fs = std::filesystem;

namespace {
bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::string lowerCase(std::string s) {
  for (char& c : s)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return s;
}

bool isImage(const fs::directory_entry& entry) {
  static const std::set<std::string> known = {".png",  ".jpg",  ".jpeg", ".bmp", ".tif",
                                              ".tiff", ".webp", ".ppm",  ".pgm"};
  const fs::path& path = entry.path();
  return entry.is_regular_file() && path.filename().string()[0] != '.' &&
         known.count(lowerCase(path.extension().string()));
}

/// The number that begins at `at`, without leading zeros; `at` moves behind it.
std::string numberAt(const std::string& s, size_t& at) {
  while (at < s.size() && s[at] == '0') ++at;
  const size_t begin = at;
  while (at < s.size() && isDigit(s[at])) ++at;
  return s.substr(begin, at - begin);
}

std::vector<fs::path> imagesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (isImage(entry)) files.push_back(entry.path());
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
    return naturalLess(a.filename().string(), b.filename().string());
  });
  return files;
}
}  // namespace

bool naturalLess(const std::string& a, const std::string& b) {
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (isDigit(a[i]) && isDigit(b[j])) {
      const std::string x = numberAt(a, i), y = numberAt(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else if (a[i] != b[j]) {
      return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
    } else {
      ++i;
      ++j;
    }
  }
  if (i == a.size() && j == b.size()) return a < b;  // "01" and "1": any fixed order
  return i == a.size();
}

ImageFolder::ImageFolder(const fs::path& folder, double fps) : folder_(folder) {
  if (!(fps > 0)) fail("the rate of an image folder must be above 0 frames per second, not ", fps);
  files_ = imagesIn(folder);
  if (files_.empty()) fail("no image in the folder ", folder.string(), " (png, jpg, bmp, tif, webp, ppm or pgm)");
  requireOneSize();
  info_.fps = fps;
  info_.codec = lowerCase(files_.front().extension().string()).substr(1);
  for (size_t i = 0; i < files_.size(); ++i) info_.times.push_back({static_cast<double>(i) / fps, 1 / fps, true});
}

void ImageFolder::requireOneSize() {
  for (const fs::path& file : files_) {
    const cv::Size size = imageSize(file);
    if (size.empty()) continue;
    if (info_.width == 0) {
      info_.width = size.width;
      info_.height = size.height;
    }
    if (size.width != info_.width || size.height != info_.height)
      fail("images of different sizes in ", folder_.string(), ": ", file.filename().string(), " is ", size.width, "x",
           size.height, ", those before it are ", info_.width, "x", info_.height);
  }
  if (info_.width == 0) fail("no image in the folder ", folder_.string(), " can be read");
}

void ImageFolder::noteUnreadable(const fs::path& file) {
  const std::string sentence = text(file.filename().string(), " cannot be read and is left out");
  if (std::find(warnings_.begin(), warnings_.end(), sentence) == warnings_.end()) warnings_.push_back(sentence);
}

FramePtr ImageFolder::next() {
  while (next_ < files_.size()) {
    const size_t i = next_++;
    cv::Mat image = cv::imread(files_[i].string(), cv::IMREAD_COLOR);
    if (image.cols != info_.width || image.rows != info_.height) {
      noteUnreadable(files_[i]);
      continue;
    }
    cv::cvtColor(image, image, cv::COLOR_BGR2RGB);
    const FrameTime& time = info_.times[i];
    return std::make_shared<Frame>(Frame{image, static_cast<int64_t>(i), time.ptsSeconds, time.durationSeconds, true});
  }
  return nullptr;
}

void ImageFolder::seek(int64_t index) {
  if (index < 0 || index >= static_cast<int64_t>(files_.size()))
    fail("there is no frame ", index, " in ", folder_.string(), "; it has frames 0 to ", files_.size() - 1);
  next_ = static_cast<size_t>(index);
}

}  // namespace dff
