#pragma once
#include <filesystem>
#include <map>
#include <opencv2/core/mat.hpp>
#include <opencv2/core/matx.hpp>
#include <string>
#include <vector>

#include "core/base/class_info.h"

namespace dff {

/// An object that a data set knows of.
struct LabelledBox {
  cv::Rect2f box;        ///< pixels, 0-based, right side = left + width
  int classIndex = 0;    ///< in the data set's own list of box classes
  bool ignore = false;   ///< neither an object to find nor background
  int64_t trackId = -1;  ///< the same for one object in all frames; -1: not known
  float motionIou = -1;  ///< mean overlap with itself up to ten frames before and after; -1: not known
};

/// Shared area over the area of both; 0 for empty boxes.
double overlapOf(const cv::Rect2f& a, const cv::Rect2f& b);

/// The boxes of one frame of a video.
struct FrameBoxes {
  int64_t frame;
  std::vector<LabelledBox>* boxes;
};

/// Fills motionIou from trackId, which no two boxes of a frame share; an object that no other frame near has stays
/// not known (Zhu et al., Flow-Guided Feature Aggregation, 2017, section 5.1).
void fillMotionIou(const std::vector<FrameBoxes>& video);

/// The classes of boxes in streets: vehicle, pedestrian, cyclist.
const std::vector<std::string>& streetBoxClasses();

/// The names of classes, in order.
std::vector<std::string> namesOf(const std::vector<ClassInfo>& classes);

/// Boxes whose class stands in the list `from`, with its place in the list `to`; a name that `to` lacks goes.
std::vector<LabelledBox> withClasses(const std::vector<LabelledBox>& boxes, const std::vector<std::string>& from,
                                     const std::vector<std::string>& to);

/// Objects with fewer pixels than this in a picture of 480x360 are to be ignored (in others, as many in proportion).
inline constexpr double kLeastObjectPixels = 150;

/// The same for a picture of this size.
double leastObjectPixels(cv::Size picture);

/// Boxes round the 8-connected components of CamVid's car, pedestrian and bicyclist; small ones are to be ignored.
/// labels [H,W] CV_8U.
std::vector<LabelledBox> boxesOfLabels(const cv::Mat& labels);

/// Boxes under a change of the picture, source = linear * output + shift, cut off at the output's border. A box turns
/// as the ellipse in it would. What loses most of its area or gets too small is to be ignored; what lies outside goes.
std::vector<LabelledBox> movedBoxes(const std::vector<LabelledBox>& boxes, const cv::Matx22d& linear,
                                    const cv::Vec2d& shift, cv::Size output);

/// Boxes by the name of their picture, and what was wrong with others.
struct BoxFile {
  std::map<std::string, std::vector<LabelledBox>> byPicture;  ///< name without extension
  std::vector<std::string> warnings;
};

/// The names of the categories of a COCO file, in its order; throws Error when it is not COCO.
std::vector<std::string> cocoCategories(const std::filesystem::path& path);

/// Reads COCO annotations (`track_id` where given; `iscrowd` and a `visibility` below a quarter are to be ignored).
/// Categories are matched to `classes` by name. Boxes that are inverted, outside their picture or of an unknown
/// category or picture are left out and counted in a warning; those partly outside are cut off. Throws Error when the
/// file is not COCO.
BoxFile readCocoBoxes(const std::filesystem::path& path, const std::vector<std::string>& classes);

}  // namespace dff
