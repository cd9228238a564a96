#pragma once
#include <cstdio>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include "core/base/file.h"

// A few small pictures in the forms of public data sets.
namespace dff::test {

namespace fs = std::filesystem;

inline const cv::Size kMini(64, 48);

/// Writes any picture; OpenCV does not know the ending .JPEG's capitals everywhere.
inline void writeImage(const fs::path& path, const cv::Mat& picture, const std::string& format = ".png") {
  fs::create_directories(path.parent_path());
  std::vector<uint8_t> bytes;
  cv::imencode(format, picture, bytes);
  writeFileAtomically(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

/// A picture that tells by its grey level which one it is.
inline cv::Mat greyPicture(int level) { return cv::Mat(kMini, CV_8UC3, cv::Scalar::all(level)); }

inline std::string numbered(int number, int digits = 6) {
  char text[16];
  std::snprintf(text, sizeof text, "%0*d", digits, number);
  return text;
}

/// One city: frame 19 of each snippet is labelled (road, and a car at 10,8 of 20x16), frames 14 to 22 are there.
inline void writeCityscapes(const fs::path& root, int snippets = 1) {
  for (int s = 0; s < snippets; ++s) {
    const std::string snippet = "aachen_" + numbered(s) + "_";
    cv::Mat ids(kMini, CV_8U, cv::Scalar(7)), instances(kMini, CV_16U, cv::Scalar(7));
    ids(cv::Rect(10, 8, 20, 16)) = 26;
    instances(cv::Rect(10, 8, 20, 16)) = 26001;
    ids.row(0) = 4;  // "static", which is not trained on
    writeImage(root / "gtFine/train/aachen" / (snippet + "000019_gtFine_labelIds.png"), ids);
    writeImage(root / "gtFine/train/aachen" / (snippet + "000019_gtFine_instanceIds.png"), instances);
    writeImage(root / "leftImg8bit/train/aachen" / (snippet + "000019_leftImg8bit.png"), greyPicture(19));
    for (int frame = 14; frame <= 22; ++frame)
      writeImage(root / "leftImg8bit_sequence/train/aachen" / (snippet + numbered(frame) + "_leftImg8bit.png"),
                 greyPicture(frame));
  }
}

/// The annotation of one frame with one object, corners as given.
inline std::string vidXml(const std::string& wordNet, int left, int top, int right, int bottom) {
  const auto tag = [](const std::string& name, const std::string& value) {
    return "<" + name + ">" + value + "</" + name + ">";
  };
  return tag(
      "annotation",
      tag("size", tag("width", "64") + tag("height", "48")) +
          tag("object", tag("trackid", "3") + tag("name", wordNet) +
                            tag("bndbox", tag("xmax", std::to_string(right)) + tag("xmin", std::to_string(left)) +
                                              tag("ymax", std::to_string(bottom)) + tag("ymin", std::to_string(top)))));
}

inline void writeVidFrame(const fs::path& root, const std::string& snippet, int frame, const std::string& xml) {
  const fs::path name = fs::path("VID/val") / snippet / numbered(frame);
  writeImage(root / "Data" / (name.string() + ".JPEG"), greyPicture(40 + frame), ".jpg");
  if (xml.empty()) return;
  const fs::path path = root / "Annotations" / (name.string() + ".xml");
  fs::create_directories(path.parent_path());
  writeFileAtomically(path, xml);
}

/// Snippets of `frames` frames with a car that moves to the right.
inline void writeVid(const fs::path& root, int snippets, int frames) {
  for (int s = 0; s < snippets; ++s)
    for (int i = 0; i < frames; ++i)
      writeVidFrame(root, "snippet_" + std::to_string(s), i, vidXml("n02958343", 5 + i, 10, 34 + i, 29));
}

/// Videos of `frames` frames with an object of 20x16 that moves to the right, one colour in the first, two in others.
inline void writeDavis(const fs::path& root, int videos, int frames) {
  for (int v = 0; v < videos; ++v)
    for (int i = 0; i < frames; ++i) {
      const fs::path name = fs::path("480p") / ("video_" + std::to_string(v)) / numbered(i, 5);
      cv::Mat mask(kMini, CV_8UC3, cv::Scalar());
      mask(cv::Rect(10 + i, 8, 20, 16)) = cv::Scalar(0, 0, 128);
      if (v > 0) mask(cv::Rect(10 + i, 8, 20, 4)) = cv::Scalar(0, 128, 0);
      writeImage(root / "JPEGImages" / (name.string() + ".jpg"), greyPicture(40 + i), ".jpg");
      writeImage(root / "Annotations" / (name.string() + ".png"), mask);
    }
}

}  // namespace dff::test
