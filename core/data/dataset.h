#pragma once
#include <filesystem>
#include <memory>
#include <opencv2/core/mat.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/class_info.h"
#include "core/data/boxes.h"
#include "core/media/frame.h"

namespace dff {

/// The label of pixels that are neither trained on nor scored.
inline constexpr uint8_t kIgnore = 255;

/// Where a labelled frame stands among all the pictures of a data set, labelled or not, and the ends of its video.
struct FramePlace {
  int64_t at = 0, first = 0, last = 0;
};

/// Exact motion from one frame to another.
struct DenseMotion {
  cv::Mat flow;     ///< [H,W] CV_32FC2 pixels, (dx, dy): position in the other frame less position in this one
  cv::Mat visible;  ///< [H,W] CV_8U, 0 where the other frame does not show the point
};

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

  /// Whether class 1 is an object before class 0, its background, and so scored as a mask, too.
  virtual bool masksOfObjects() const { return false; }

  /// By default the labelled frames are all there are, one video if consecutive, else a video of one frame each.
  virtual FramePlace place(int64_t index) const;
  /// The picture at a place, as image().
  virtual cv::Mat picture(int64_t at) const { return image(at); }
  /// The same as a frame of that number, with what its video knows of it.
  virtual FramePtr frame(int64_t at) const;

  /// The truth about motion between two labelled frames; none where the data set does not know it.
  virtual std::optional<DenseMotion> motion(int64_t from, int64_t to) const { return {}; }

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

/// The kinds of data set, "camvid, cityscapes, ...".
std::string knownDatasets();

/// CamVid's eleven classes with the display palette.
const std::vector<ClassInfo>& camvidClasses();

/// The frames whose names begin with `choice`, or with "!" before it the others; Error where none is left.
std::unique_ptr<Dataset> chosenFrames(std::unique_ptr<Dataset> all, const std::string& choice);

std::unique_ptr<Dataset> openCamvid(const std::filesystem::path& folder);
std::unique_ptr<Dataset> openSyntheticFolder(const std::filesystem::path& folder);
std::unique_ptr<Dataset> openMot(const std::filesystem::path& folder);
std::unique_ptr<Dataset> openCityscapes(const std::filesystem::path& folder);
std::unique_ptr<Dataset> openImagenetVid(const std::filesystem::path& folder);
std::unique_ptr<Dataset> openLabelledVideo(const std::filesystem::path& file);
std::unique_ptr<Dataset> openDavis(const std::filesystem::path& folder);
std::unique_ptr<Dataset> openOwnFolder(const std::filesystem::path& folder);

}  // namespace dff
