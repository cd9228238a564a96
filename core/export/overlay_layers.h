#pragma once
#include <opencv2/core/mat.hpp>
#include <span>
#include <vector>

#include "core/export/blend.h"
#include "core/export/overlay.h"
#include "core/export/plates.h"

namespace dff {

/// What is the same for every frame of a video, worked out once.
struct OverlayLook {
  OverlayOptions options;
  cv::Size frameSize;
  ClassPaint classes;   ///< as they are laid over the picture
  ClassPaint contours;  ///< lighter tints of them
  int contourWidth = 1;
  int letterHeight = 7;
  int margin = 8;  ///< from the picture's border to a plate
  Plate legend;
  std::vector<LegendEntry> boxClasses;
  std::vector<const struct Layer*> layers;  ///< the chosen ones, in drawing order
};

/// One row of the table of layers. `draw` paints it.
struct Layer {
  const char* name;
  const char* help;
  LayerData needs;
  void (*draw)(cv::Mat& picture, const Result& result, const OverlayLook& look);
};

void drawBoxes(cv::Mat& picture, const Result& result, const OverlayLook& look);

/// All layers, in drawing order.
std::span<const Layer> layerTable();

}  // namespace dff
