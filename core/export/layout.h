#pragma once
#include <opencv2/core/mat.hpp>
#include <string>

namespace dff {

/// How the annotated picture and the one that came in share an exported picture.
struct Layout {
  const char* name;
  const char* help;
  cv::Size (*size)(cv::Size frame);
  cv::Mat (*arrange)(const cv::Mat& plain, const cv::Mat& drawn);  ///< both [H,W] CV_8UC3
};

/// The row called `name`; throws UsageError naming the known ones.
const Layout& findLayout(const std::string& name);

/// "drawn, side-by-side, wipe".
std::string knownLayouts();

}  // namespace dff
