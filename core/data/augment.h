#pragma once
#include <opencv2/core/mat.hpp>
#include <random>

#include "core/base/fields.h"
#include "core/data/boxes.h"

namespace dff {

/// A training example: the labelled current frame and, for pairs, the key frame and the exact flow between them.
struct Example {
  cv::Mat cur;                     ///< [H,W] CV_8UC3, R, G, B
  cv::Mat labels;                  ///< [H,W] CV_8U, of the current frame
  cv::Mat key;                     ///< as cur; empty for single frames
  cv::Mat keyFromCur;              ///< [H,W] CV_32FC2 pixels; empty where the flow is not known
  cv::Mat valid;                   ///< [H,W] CV_8U, 0 where keyFromCur says nothing
  std::vector<LabelledBox> boxes;  ///< of the current frame
};

/// What random geometry and colour may do.
struct AugmentOptions {
  int width = 480;  ///< of the crop
  int height = 368;
  double scaleMin = 0.6;
  double scaleMax = 2.0;
  double rotation = 5;  ///< degrees, either way
  double color = 0.25;  ///< strength of brightness, contrast, saturation
  bool flip = true;
};
template <class V>
void fields(AugmentOptions& o, V&& v) {
  v("width", o.width, "width of the crop, a multiple of 16", Bounds{16, 4096});
  v("height", o.height, "height of the crop, a multiple of 16", Bounds{16, 4096});
  v("scale_min", o.scaleMin, "smallest enlargement", Bounds{0.05, 20});
  v("scale_max", o.scaleMax, "largest enlargement", Bounds{0.05, 20});
  v("rotation", o.rotation, "largest rotation, degrees", Bounds{0, 180});
  v("color", o.color, "strength of colour changes", Bounds{0, 1});
  v("flip", o.flip, "mirror half of the examples");
}

/// One random geometry for key, current, labels and flow alike; one random colour change for both pictures.
/// What falls outside is black in pictures, kIgnore in labels and 0 in valid; boxes are moved as movedBoxes() says.
Example augment(const Example& in, const AugmentOptions& options, std::mt19937_64& random);

}  // namespace dff
