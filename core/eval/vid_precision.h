#pragma once
#include <vector>

#include "core/data/boxes.h"
#include "core/task/prediction.h"

namespace dff {

/// What one picture has, and what was found in it, best first.
struct ScoredPicture {
  std::vector<LabelledBox> truth;
  std::vector<ObjectBox> found;
};

/// Mean average precision as ImageNet VID measures it; below 0 where there was no such object.
struct VidScores {
  double map = -1;
  double slow = -1, medium = -1, fast = -1;  ///< objects with a motionIou above 0.9, from 0.7, and below
};

/// A box of a class claims, in descending score, the free object of its class that it overlaps most, of those that it
/// overlaps by min(0.5, w h / ((w + 10)(h + 10))), which is lenient with small ones. AP is the area under precision
/// made to fall with recall, all recalls; the mean is over the classes that have objects (Russakovsky et al. 2015,
/// section 4.3 and the task's own program). In a group, claims on objects of other groups count for nothing, other
/// boxes are mistakes (Zhu et al. 2017, FGFA). All below 0 where no object's motion is known.
VidScores vidScores(const std::vector<ScoredPicture>& pictures, int classes);

}  // namespace dff
