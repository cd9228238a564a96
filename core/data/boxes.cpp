#include "core/data/boxes.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "core/base/error.h"
#include "core/data/dataset.h"

namespace dff {
namespace {

constexpr float kLeastShare = 0.4f;  // of its area that a box must keep to stay an object

int classNamed(const char* name) {
  const auto& classes = camvidClasses();
  for (size_t i = 0; i < classes.size(); ++i)
    if (classes[i].name == name) return int(i);
  fail("there is no class \"", name, "\" in CamVid");
}

void addComponents(const cv::Mat& mask, int boxClass, std::vector<LabelledBox>& boxes) {
  cv::Mat ids, stats, centres;
  const int count = cv::connectedComponentsWithStats(mask, ids, stats, centres, 8);
  const double least = leastObjectPixels(mask.size());
  for (int i = 1; i < count; ++i) {  // 0 is what lies between
    const int* s = stats.ptr<int>(i);
    const cv::Rect box(s[cv::CC_STAT_LEFT], s[cv::CC_STAT_TOP], s[cv::CC_STAT_WIDTH], s[cv::CC_STAT_HEIGHT]);
    boxes.push_back({cv::Rect2f(box), boxClass, s[cv::CC_STAT_AREA] < least, -1});
  }
}

cv::Rect2f turned(const cv::Rect2f& box, const cv::Matx22d& outputFromSource, const cv::Vec2d& shift) {
  const cv::Vec2d centre(box.x + box.width / 2 - 0.5, box.y + box.height / 2 - 0.5);  // pixel centres are whole numbers
  const cv::Vec2d to = outputFromSource * (centre - shift);
  const double halfWidth = box.width / 2, halfHeight = box.height / 2;
  const double w = 2 * std::hypot(outputFromSource(0, 0) * halfWidth, outputFromSource(0, 1) * halfHeight);
  const double h = 2 * std::hypot(outputFromSource(1, 0) * halfWidth, outputFromSource(1, 1) * halfHeight);
  return {float(to[0] + 0.5 - w / 2), float(to[1] + 0.5 - h / 2), float(w), float(h)};
}

constexpr int64_t kMotionReach = 10;  // frames

}  // namespace

double overlapOf(const cv::Rect2f& a, const cv::Rect2f& b) {
  const double shared = (a & b).area();
  return shared > 0 ? shared / (double(a.area()) + b.area() - shared) : 0;
}

void fillMotionIou(const std::vector<FrameBoxes>& video) {
  std::map<int64_t, std::map<int64_t, cv::Rect2f>> tracks;  // by identity, by frame
  for (const auto& [frame, boxes] : video)
    for (const auto& b : *boxes) tracks[b.trackId][frame] = b.box;
  for (const auto& [frame, boxes] : video)
    for (auto& b : *boxes) {
      const auto& track = tracks.at(b.trackId);
      double sum = 0;
      int others = 0;
      for (auto at = track.lower_bound(frame - kMotionReach); at != track.upper_bound(frame + kMotionReach); ++at)
        if (at->first != frame) sum += overlapOf(b.box, at->second), ++others;
      if (others > 0) b.motionIou = float(sum / others);
    }
}

const std::vector<std::string>& streetBoxClasses() {
  static const std::vector<std::string> names = {"vehicle", "pedestrian", "cyclist"};
  return names;
}

std::vector<std::string> namesOf(const std::vector<ClassInfo>& classes) {
  std::vector<std::string> names;
  for (const auto& c : classes) names.push_back(c.name);
  return names;
}

std::vector<LabelledBox> withClasses(const std::vector<LabelledBox>& boxes, const std::vector<std::string>& from,
                                     const std::vector<std::string>& to) {
  std::vector<LabelledBox> known;
  for (LabelledBox b : boxes) {
    const auto found = std::find(to.begin(), to.end(), from.at(size_t(b.classIndex)));
    if (found == to.end()) continue;
    b.classIndex = int(found - to.begin());
    known.push_back(b);
  }
  return known;
}

double leastObjectPixels(cv::Size picture) { return kLeastObjectPixels * picture.area() / (480. * 360.); }

std::vector<LabelledBox> boxesOfLabels(const cv::Mat& labels) {
  static const int kClasses[] = {classNamed("car"), classNamed("pedestrian"), classNamed("bicyclist")};
  std::vector<LabelledBox> boxes;
  for (int i = 0; i < 3; ++i) addComponents(labels == kClasses[i], i, boxes);
  return boxes;
}

std::vector<LabelledBox> movedBoxes(const std::vector<LabelledBox>& boxes, const cv::Matx22d& linear,
                                    const cv::Vec2d& shift, cv::Size output) {
  const cv::Matx22d outputFromSource = linear.inv();
  const cv::Rect2f picture({}, cv::Size2f(output));
  std::vector<LabelledBox> moved;
  for (LabelledBox b : boxes) {
    const cv::Rect2f whole = turned(b.box, outputFromSource, shift);
    b.box = whole & picture;
    if (b.box.width < 1 || b.box.height < 1) continue;
    if (b.box.area() < kLeastShare * whole.area() || b.box.area() < kLeastObjectPixels) b.ignore = true;
    moved.push_back(b);
  }
  return moved;
}

}  // namespace dff
