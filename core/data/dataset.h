#pragma once
#include <filesystem>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "core/base/class_info.h"
#include "core/data/boxes.h"

namespace dff {

/// The label of pixels that are neither trained on nor scored.
inline constexpr uint8_t kIgnore = 255;

/// Labelled frames, in order.
class Dataset {
 public:
  virtual ~Dataset() = default;
  virtual int64_t size() const = 0;
  virtual std::string name(int64_t index) const = 0;
  virtual cv::Mat image(int64_t index) const = 0;   ///< [H,W] CV_8UC3, R, G, B
  virtual cv::Mat labels(int64_t index) const = 0;  ///< [H,W] CV_8U class index or kIgnore
  virtual bool consecutive() const = 0;  ///< neighbours are neighbouring frames of one video, not single stills
  virtual const std::vector<ClassInfo>& classes() const = 0;

  /// Whether labels() says anything; otherwise all of it is kIgnore.
  virtual bool hasLabels() const { return true; }

  /// Names of the classes of boxes; empty where the data set knows of no boxes.
  virtual const std::vector<std::string>& boxClasses() const;
  virtual std::vector<LabelledBox> boxes(int64_t index) const;
  /// What was left out when it was opened, and why.
  virtual std::vector<std::string> warnings() const { return {}; }
};

/// Opens "KIND:PATH", for example "camvid:../data/clip"; "KIND:PATH#BEGINNING" has only the frames whose names begin
/// so, "KIND:PATH#!BEGINNING" only the others. Throws UsageError for an unknown kind (naming the known ones), Error for
/// a missing folder, unequal counts of frames and labels, or labels out of range.
std::unique_ptr<Dataset> openDataset(const std::string& kindAndPath);

/// The kinds of data set, "camvid, synthetic".
std::string knownDatasets();

/// CamVid's eleven classes with the display palette.
const std::vector<ClassInfo>& camvidClasses();

/// The frames whose names begin with `choice`, or with "!" before it the others; Error where none is left.
std::unique_ptr<Dataset> chosenFrames(std::unique_ptr<Dataset> all, const std::string& choice);

std::unique_ptr<Dataset> openCamvid(const std::filesystem::path& folder);
std::unique_ptr<Dataset> openSyntheticFolder(const std::filesystem::path& folder);
std::unique_ptr<Dataset> openMot(const std::filesystem::path& folder);

}  // namespace dff
