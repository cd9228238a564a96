#include "core/eval/vid_precision.h"

#include <algorithm>

namespace dff {
namespace {

/// Objects that count.
struct MotionGroup {
  double least, most;  // of motionIou, both within
  bool holds(const LabelledBox& object) const { return object.motionIou >= least && object.motionIou <= most; }
};

constexpr double kBelow = 1e-7;  // groups do not share their ends
constexpr MotionGroup kAll{-1, 1}, kSlow{0.9 + kBelow, 1}, kMedium{0.7, 0.9}, kFast{0, 0.7 - kBelow};

struct VidClaim {
  float score;
  bool right;
};

double leastOverlap(const cv::Rect2f& object) {
  const double w = object.width, h = object.height;
  return std::min(0.5, w * h / ((w + 10) * (h + 10)));
}

/// The free object that a box claims; null for none.
const LabelledBox* claimed(const ObjectBox& box, std::vector<const LabelledBox*>& free) {
  auto best = free.end();
  double most = 0;
  for (auto object = free.begin(); object != free.end(); ++object) {
    const double overlap = overlapOf((*object)->box, box.box);
    if (overlap >= leastOverlap((*object)->box) && overlap > most) best = object, most = overlap;
  }
  if (best == free.end()) return nullptr;
  const LabelledBox* object = *best;
  free.erase(best);
  return object;
}

/// Adds the claims of one picture; returns how many objects there were to claim.
int addClaims(const ScoredPicture& picture, int classIndex, const MotionGroup& group, std::vector<VidClaim>& claims) {
  std::vector<const LabelledBox*> free;
  for (const auto& object : picture.truth)
    if (object.classIndex == classIndex && !object.ignore) free.push_back(&object);
  const auto objects = std::count_if(free.begin(), free.end(), [&](const auto* o) { return group.holds(*o); });
  for (const auto& box : picture.found) {
    if (box.classIndex != classIndex) continue;
    const LabelledBox* object = claimed(box, free);
    if (!object || group.holds(*object)) claims.push_back({box.score, object != nullptr});
  }
  return int(objects);
}

/// Area under the envelope: where recall rises, by as much, at the best precision there or later.
double areaUnderEnvelope(const std::vector<VidClaim>& claims, int objects) {
  std::vector<double> precision;
  int right = 0;
  for (const auto& claim : claims) {
    right += claim.right;
    precision.push_back(right / double(precision.size() + 1));
  }
  double area = 0, best = 0;
  for (size_t i = claims.size(); i-- > 0;) {
    best = std::max(best, precision[i]);
    if (claims[i].right) area += best / objects;
  }
  return area;
}

double meanPrecision(const std::vector<ScoredPicture>& pictures, int classes, const MotionGroup& group) {
  double sum = 0;
  int known = 0;
  for (int c = 0; c < classes; ++c) {
    std::vector<VidClaim> claims;
    int objects = 0;
    for (const auto& picture : pictures) objects += addClaims(picture, c, group, claims);
    if (objects == 0) continue;
    std::stable_sort(claims.begin(), claims.end(),
                     [](const VidClaim& a, const VidClaim& b) { return a.score > b.score; });
    sum += areaUnderEnvelope(claims, objects);
    ++known;
  }
  return known > 0 ? sum / known : -1;
}

bool knowsMotion(const std::vector<ScoredPicture>& pictures) {
  return std::any_of(pictures.begin(), pictures.end(), [](const ScoredPicture& p) {
    return std::any_of(p.truth.begin(), p.truth.end(), [](const LabelledBox& b) { return b.motionIou >= 0; });
  });
}

}  // namespace

VidScores vidScores(const std::vector<ScoredPicture>& pictures, int classes) {
  if (!knowsMotion(pictures)) return {};
  const auto of = [&](const MotionGroup& group) { return meanPrecision(pictures, classes, group); };
  return {of(kAll), of(kSlow), of(kMedium), of(kFast)};
}

}  // namespace dff
