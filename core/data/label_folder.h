#pragma once
#include <filesystem>
#include <map>
#include <opencv2/core/mat.hpp>

namespace dff {

/// Ground truth of a video: a folder of 8-bit PNGs, the value of a pixel its class index; values that are no class of
/// the model are void. A folder with as many files as the video has frames is taken in the order of the names; in any
/// other one the number at the end of a name is the number of the frame, counted from 0.
class LabelFolder {
 public:
  LabelFolder() = default;
  /// Throws Error when the folder does not exist, holds no PNG, or holds numbers that are no frames of the video.
  LabelFolder(const std::filesystem::path& folder, int64_t frames);

  bool has(int64_t frame) const { return files_.count(frame) > 0; }
  /// [H,W] CV_8U; empty where the frame has none. Throws Error when the file is not an 8-bit label image of `size`.
  cv::Mat labels(int64_t frame, cv::Size size) const;
  int64_t count() const { return int64_t(files_.size()); }
  /// By frame.
  const std::map<int64_t, std::filesystem::path>& files() const { return files_; }

 private:
  std::map<int64_t, std::filesystem::path> files_;
};

}  // namespace dff
