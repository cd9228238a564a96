#include "core/eval/average_precision.h"

#include <algorithm>
#include <span>

namespace dff {
namespace {

constexpr size_t kMostBoxes = 100;  // of a picture, as COCO has it
constexpr int kRecalls = 101;
constexpr int kOverlaps = 10;
constexpr double kOnIgnored = 0.5;

double overlapAt(int i) { return 0.5 + 0.05 * i; }

bool onIgnored(const ObjectBox& box, const std::vector<LabelledBox>& truth) {
  return std::any_of(truth.begin(), truth.end(), [&](const LabelledBox& t) {
    return t.ignore && (t.box & box.box).area() >= kOnIgnored * box.box.area();
  });
}

/// The mean, over evenly spaced recalls, of the best precision at that recall or a higher one.
double areaUnder(const std::vector<double>& recall, std::vector<double> precision) {
  for (size_t i = precision.size(); i-- > 1;) precision[i - 1] = std::max(precision[i - 1], precision[i]);
  double sum = 0;
  for (int r = 0; r < kRecalls; ++r) {
    const auto at = std::lower_bound(recall.begin(), recall.end(), r / double(kRecalls - 1) - 1e-12);
    if (at != recall.end()) sum += precision[size_t(at - recall.begin())];
  }
  return sum / kRecalls;
}

double meanOfKnown(const std::vector<double>& values) {
  double sum = 0;
  int known = 0;
  for (const double v : values)
    if (v >= 0) sum += v, ++known;
  return known ? sum / known : -1;
}

}  // namespace

/// Areas that count; what is smaller or larger is neither asked for nor held against anyone.
struct BoxScorer::Sizes {
  double least = 0, most = 1e300;
  bool hold(const cv::Rect2f& box) const { return box.area() >= least && box.area() < most; }
};

struct BoxScorer::Claim {
  float score;
  bool right;
};

void BoxScorer::add(const std::vector<LabelledBox>& truth, const std::vector<ObjectBox>& found) {
  ScoredPicture picture{truth, found};
  std::stable_sort(picture.found.begin(), picture.found.end(),
                   [](const ObjectBox& a, const ObjectBox& b) { return a.score > b.score; });
  pictures_.push_back(std::move(picture));
}

/// Adds the claims of one picture and returns how many objects there were to claim.
int BoxScorer::claimAll(const ScoredPicture& picture, int classIndex, double overlap, const Sizes& sizes,
                        std::vector<Claim>& claims) {
  std::vector<const LabelledBox*> objects;
  for (const auto& t : picture.truth)
    if (!t.ignore && t.classIndex == classIndex) objects.push_back(&t);
  std::vector<bool> taken(objects.size());
  const std::span found(picture.found.data(), std::min(picture.found.size(), kMostBoxes));
  for (const auto& box : found) {
    if (box.classIndex != classIndex) continue;
    int best = -1;
    for (size_t i = 0; i < objects.size(); ++i) {
      const double value = overlapOf(objects[i]->box, box.box);
      if (taken[i] || value < overlap) continue;
      const bool counts = sizes.hold(objects[i]->box), bestCounts = best >= 0 && sizes.hold(objects[size_t(best)]->box);
      if (best < 0 || (counts && !bestCounts) ||
          (counts == bestCounts && value > overlapOf(objects[size_t(best)]->box, box.box)))
        best = int(i);
    }
    if (best >= 0) {
      taken[size_t(best)] = true;
      if (sizes.hold(objects[size_t(best)]->box)) claims.push_back({box.score, true});
    } else if (sizes.hold(box.box) && !onIgnored(box, picture.truth)) {
      claims.push_back({box.score, false});
    }
  }
  return int(std::count_if(objects.begin(), objects.end(), [&](const auto* o) { return sizes.hold(o->box); }));
}

double BoxScorer::averagePrecision(int classIndex, double overlap, const Sizes& sizes) const {
  std::vector<Claim> claims;
  int objects = 0;
  for (const auto& picture : pictures_) objects += claimAll(picture, classIndex, overlap, sizes, claims);
  if (objects == 0) return -1;
  std::stable_sort(claims.begin(), claims.end(), [](const Claim& a, const Claim& b) { return a.score > b.score; });
  std::vector<double> recall, precision;
  int right = 0;
  for (const Claim& claim : claims) {
    right += claim.right;
    recall.push_back(double(right) / objects);
    precision.push_back(right / double(recall.size()));
  }
  return areaUnder(recall, precision);
}

double BoxScorer::meanOverClasses(double overlap, const Sizes& sizes) const {
  std::vector<double> values;
  for (int c = 0; c < classes_; ++c) values.push_back(averagePrecision(c, overlap, sizes));
  return meanOfKnown(values);
}

double BoxScorer::meanOverOverlaps(const Sizes& sizes) const {
  std::vector<double> values;
  for (int i = 0; i < kOverlaps; ++i) values.push_back(meanOverClasses(overlapAt(i), sizes));
  return meanOfKnown(values);
}

BoxScores BoxScorer::scores() const {
  constexpr double kSmall = 32. * 32, kMedium = 96. * 96;
  BoxScores s;
  s.ap50 = meanOverClasses(0.5, {});
  s.ap = meanOverOverlaps({});
  s.apSmall = meanOverOverlaps({0, kSmall});
  s.apMedium = meanOverOverlaps({kSmall, kMedium});
  s.apLarge = meanOverOverlaps({kMedium, 1e300});
  for (int c = 0; c < classes_; ++c) s.ap50OfClass.push_back(averagePrecision(c, 0.5, {}));
  s.vid = vidScores(pictures_, classes_);
  return s;
}

}  // namespace dff
