#pragma once
#include <array>
#include <string>
#include <vector>

#include "core/base/class_info.h"
#include "core/base/fields.h"

namespace dff {

inline void to_json(nlohmann::json& object, const ClassInfo& c) {
  object = {{"name", c.name}, {"display_color", c.displayColor}, {"dataset_color", c.datasetColor}};
}
inline void from_json(const nlohmann::json& object, ClassInfo& c) {
  object.at("name").get_to(c.name);
  object.at("display_color").get_to(c.displayColor);
  object.at("dataset_color").get_to(c.datasetColor);
}

/// The detection part of a model (R-FCN, Dai et al. 2016). Sizes are pixels of the network's input. The anchors fit the
/// objects of CamVid at 480x360: cars about as wide as high, people and cyclists three times as high as wide.
struct DetectionSpec {
  std::vector<ClassInfo> classes = {{"vehicle", {70, 130, 255}, {64, 0, 128}},
                                    {"pedestrian", {255, 92, 92}, {64, 64, 0}},
                                    {"cyclist", {255, 150, 50}, {0, 128, 192}}};
  std::vector<double> anchorSizes = {16, 26, 42, 68, 110, 178};  ///< square roots of the areas, pixels
  std::vector<double> anchorRatios = {0.7, 1.4, 3.2};            ///< height / width
  /// Above 0: a shape is a square of this side, given its ratio with sides rounded to whole pixels, and then enlarged
  /// to its size (the paper's 16); 0: exact shapes.
  int anchorBase = 0;
  bool wholeCells = false;  ///< cells that the picture does not cover wholly propose last (the paper's); else as others
  int proposalChannels = 0;  ///< first channels, read for proposals alone; regions read the rest. 0: both read all
  int deltaGroups = 1;    ///< groups of region corrections, the last of which counts (the paper's: background, object)
  double mostGrowth = 4;  ///< logarithm of the most that a correction enlarges a box (the paper's code has no limit)
  int group = 7;          ///< bins of a region along each side
  int candidates = 3000;  ///< best anchors that become proposals before suppression
  int proposals = 300;    ///< after suppression
  int trainProposals = 300;                                    ///< the same in training
  double proposalNms = 0.7;                                    ///< overlap above which the lesser proposal goes
  double nms = 0.4;                                            ///< the same among the boxes of one class
  double minScore = 0.05;                                      ///< only boxes above are reported
  int maxBoxes = 100;                                          ///< of a frame; more where several score as the last one
  std::array<float, 4> anchorStds = {0.1f, 0.1f, 0.4f, 0.4f};  ///< units of the first box correction: dx, dy, dw, dh
  std::array<float, 4> regionStds = {0.1f, 0.1f, 0.2f, 0.2f};  ///< units of the second one

  int anchors() const { return int(anchorSizes.size() * anchorRatios.size()); }  ///< of one cell
};
template <class V>
void fields(DetectionSpec& s, V&& v) {
  v("classes", s.classes, "names and colours; background is not one of them");
  v("anchor_sizes", s.anchorSizes, "square roots of the anchors' areas, pixels");
  v("anchor_ratios", s.anchorRatios, "heights of the anchors / their widths");
  v("anchor_base", s.anchorBase, "side of the square whose rounded shapes the anchors are; 0: exact", Bounds{0, 1024});
  v("whole_cells", s.wholeCells, "cells that the picture does not cover wholly propose last");
  v("proposal_channels", s.proposalChannels, "first channels, read for proposals alone; 0: all by both",
    Bounds{0, 4095});
  v("delta_groups", s.deltaGroups, "groups of region corrections, the last of which counts", Bounds{1, 255});
  v("most_growth", s.mostGrowth, "logarithm of the most that a correction enlarges a box", Bounds{0, 1000});
  v("group", s.group, "bins of a region along each side", Bounds{1, 16});
  v("candidates", s.candidates, "proposals before suppression", Bounds{1, 100000});
  v("proposals", s.proposals, "proposals after suppression", Bounds{1, 10000});
  v("train_proposals", s.trainProposals, "proposals after suppression in training", Bounds{1, 10000});
  v("proposal_nms", s.proposalNms, "overlap above which the lesser proposal goes", Bounds{0, 1});
  v("nms", s.nms, "overlap above which the lesser box of a class goes", Bounds{0, 1});
  v("min_score", s.minScore, "only boxes with a higher score are reported", Bounds{0, 1});
  v("max_boxes", s.maxBoxes, "most boxes of a frame", Bounds{1, 10000});
  v("anchor_stds", s.anchorStds, "units of the first box correction");
  v("region_stds", s.regionStds, "units of the second box correction");
}

/// Throws Error naming `where` unless the detection part can be built.
void checkDetection(const DetectionSpec& spec, const std::string& where);

}  // namespace dff
