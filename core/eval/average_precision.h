#pragma once
#include <string>
#include <vector>

#include "core/data/boxes.h"
#include "core/eval/vid_precision.h"
#include "core/task/prediction.h"

namespace dff {

/// Average precision as COCO measures it; below 0 where there was no object to find.
struct BoxScores {
  double ap50 = -1;                                  ///< at an overlap of 0.5, mean over the classes that have objects
  double ap = -1;                                    ///< mean over overlaps 0.50, 0.55, ... 0.95
  double apSmall = -1, apMedium = -1, apLarge = -1;  ///< the same for areas below 32^2, 96^2 and above, pixels
  std::vector<double> ap50OfClass;
  VidScores vid;  ///< by ImageNet VID's own rule, where it is known how fast the objects move
};

/// Gathers truth and boxes of many pictures.
class BoxScorer {
 public:
  explicit BoxScorer(int classes) : classes_(classes) {}

  /// One picture; class indices of both are the model's. Boxes that lie (by half) on an ignored region are not counted.
  void add(const std::vector<LabelledBox>& truth, const std::vector<ObjectBox>& found);

  /// Boxes of a class are taken in descending score; each claims, in its picture, the free object of its class that it
  /// overlaps most and at least by the threshold. Precision is made to fall with recall and read at 101 recalls.
  BoxScores scores() const;

 private:
  struct Sizes;
  struct Claim;
  double averagePrecision(int classIndex, double overlap, const Sizes& sizes) const;
  double meanOverClasses(double overlap, const Sizes& sizes) const;
  double meanOverOverlaps(const Sizes& sizes) const;
  static int claimAll(const ScoredPicture& picture, int classIndex, double overlap, const Sizes& sizes,
                      std::vector<Claim>& claims);

  int classes_;
  std::vector<ScoredPicture> pictures_;
};

}  // namespace dff
