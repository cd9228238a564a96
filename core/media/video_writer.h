#pragma once
#include <filesystem>
#include <limits>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>

#include "core/base/job.h"

namespace dff {

struct VideoWriterOptions {
  int width = 0, height = 0;        ///< of the pictures; odd sides are encoded with one replicated row or column
  double fps = 25;                  ///< about how many pictures a second, for the encoder's rate control only
  std::string format = "h264";      ///< row of the table in video_format.cpp
  std::string encoderOptions = {};  ///< of FFmpeg's encoder, "key=value:...", beside the format's own
  std::filesystem::path audioFrom;  ///< file whose sound goes along; empty: none
  double audioStart = 0;            ///< seconds of that file which become time 0
  double audioEnd = std::numeric_limits<double>::infinity();
};

/// Writes one of the formats of video_format.h; MP4 begins to play at once. Each picture keeps its time stamp. The file
/// appears under its name on finish(); a writer that is destroyed without it leaves nothing.
class VideoWriter {
 public:
  /// Throws Error: missing folder, impossible size, no such encoder. `job` receives warnings about the sound.
  VideoWriter(const std::filesystem::path& path, const VideoWriterOptions& options, const JobContext& job = {});
  ~VideoWriter();
  VideoWriter(const VideoWriter&) = delete;

  /// rgb [H,W] CV_8UC3, R, G, B; times in seconds, `ptsSeconds` growing; when the first lies before 0, all are moved so
  /// that it becomes 0, because MP4 shows nothing before 0. Throws Error, disk full among others.
  void write(const cv::Mat& rgb, double ptsSeconds, double durationSeconds);
  /// Throws Error, also when no picture was written.
  void finish();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace dff
