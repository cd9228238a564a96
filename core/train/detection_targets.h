#pragma once
#include <cstdint>
#include <vector>

#include "core/base/fields.h"
#include "core/data/boxes.h"
#include "core/model/anchors.h"

namespace dff {

/// How detection is learnt. The overlap that makes an anchor an object is lower than in R-FCN (0.7): on cells of 8
/// pixels a person 10 pixels wide seldom finds an anchor that fits so well.
struct DetectionTraining {
  double weight = 1;               ///< of the whole detection loss beside the segmentation's
  double anchorForeground = 0.55;  ///< least overlap of an anchor that is an object; the best one always is
  double anchorBackground = 0.3;   ///< least overlap of an anchor that is not background
  int anchorSamples = 256;         ///< anchors an image, at most half of them objects
  double regionForeground = 0.5;   ///< least overlap of a region that is an object
  int regionSamples = 128;         ///< regions an image that are learnt from: those with the largest loss
};
template <class V>
void fields(DetectionTraining& o, V&& v) {
  v("detection_weight", o.weight, "weight of the detection loss", Bounds{0, 100});
  v("anchor_foreground", o.anchorForeground, "least overlap of an anchor that is an object", Bounds{0, 1});
  v("anchor_background", o.anchorBackground, "least overlap of an anchor that is not background", Bounds{0, 1});
  v("anchor_samples", o.anchorSamples, "anchors of an image that are learnt from", Bounds{2, 100000});
  v("region_foreground", o.regionForeground, "least overlap of a region that is an object", Bounds{0, 1});
  v("region_samples", o.regionSamples, "hardest regions of an image that are learnt from", Bounds{1, 10000});
}

/// The truth about one picture.
struct Truth {
  std::vector<Box> objects;
  std::vector<int> classes;  ///< of the objects, from 0
  std::vector<Box> ignored;  ///< neither objects nor background
};

Truth truthOf(const std::vector<LabelledBox>& boxes);

/// Which anchors of one picture are learnt from.
struct AnchorTargets {
  std::vector<int64_t> objects;              ///< numbers in the grid
  std::vector<std::array<float, 4>> deltas;  ///< of these
  std::vector<int64_t> background;
};

/// An anchor is an object where it overlaps one enough or, for that object, best of all (ties included); background
/// where it overlaps none much; neither where it lies mostly on an ignored region. Drawn at random up to the samples.
/// Anchors that reach over the border take part: at the border of a street picture stand cut-off cars.
AnchorTargets anchorTargets(const AnchorGrid& grid, const Truth& truth, const DetectionSpec& spec,
                            const DetectionTraining& options, uint64_t seed);

/// What each region is: a class counted from 1, 0 for background, -1 for neither; and the corrections of objects.
struct RegionTargets {
  std::vector<int64_t> classes;
  std::vector<std::array<float, 4>> deltas;  ///< zeros where the region is not an object
};

RegionTargets regionTargets(const std::vector<Box>& regions, const Truth& truth, const DetectionSpec& spec,
                            const DetectionTraining& options);

}  // namespace dff
